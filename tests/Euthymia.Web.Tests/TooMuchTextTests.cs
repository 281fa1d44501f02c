using System.Globalization;
using System.Net;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Euthymia.Web.Tests;

/// <summary>Ten megabytes of text in any field of any form: a message at that field, nothing stored, and the text is not sent back.</summary>
public sealed class TooMuchTextTests(RolesSite site, EmptySite empty, Chromium chromium) : IClassFixture<RolesSite>, IClassFixture<EmptySite>
{
    private static readonly string TenMegabytes = new('x', 10 * 1024 * 1024);

    [Theory]
    [InlineData("/patients/new", "patient", "Input.ClinicNumber", "clinicNumber")]
    [InlineData("/patients/new", "patient", "Input.NationalId", "nationalId")]
    [InlineData("/patients/new", "patient", "Input.GivenName", "givenName")]
    [InlineData("/patients/new", "patient", "Input.FamilyName", "familyName")]
    [InlineData("/patients/new", "patient", "Input.DateOfBirth", "dateOfBirth")]
    [InlineData("/patients/new", "patient", "Input.Height", "height")]
    [InlineData("/patients/new", "patient", "Input.Weight", "weight")]
    [InlineData("/patients/new", "patient", "Input.WeighedOn", "weighedOn")]
    [InlineData("/patients/new", "patient", "Input.PriorTreatments.Lines", "priorTreatments")]
    [InlineData("/patients/new", "patient", "Input.Medication.Lines", "medication")]
    [InlineData("/patients/new", "patient", "Input.Allergies.Lines", "allergies")]
    [InlineData("/patients", "find", "Input.Text", "text")]
    [InlineData("/clinic", "settings", "Settings.Name", "name")]
    [InlineData("/clinic", "settings", "Settings.TimeZone", "timeZone")]
    [InlineData("/clinic", "settings", "Settings.Chairs", "chairs")]
    [InlineData("/clinic", "settings", "Settings.CrisisLine", "crisisLine")]
    [InlineData("/clinic", "account", "Account.DisplayName", "displayName")]
    [InlineData("/clinic", "account", "Account.UserName", "userName")]
    [InlineData("/clinic", "account", "Account.ClinicNumber", "clinicNumber")]
    [InlineData("/clinic", "account", "Account.Password", "password")]
    [InlineData("/account", "password", "Input.Present", "present")]
    [InlineData("/account", "password", "Input.PasswordAgain", "passwordAgain")]
    public async Task Staff_are_told_at_the_field(string path, string form, string field, string place)
    {
        using var lead = await site.VisitAs(site.Lead);
        var before = await Rows(site);
        (string Name, string Value)[] rest = string.Equals(form, "account", StringComparison.Ordinal)
            ? [("Account.DisplayName", "Test Long"), ("Account.UserName", "long.one"), ("Account.Role", field.EndsWith("ClinicNumber", StringComparison.Ordinal) ? nameof(ClinicRole.Patient) : nameof(ClinicRole.Nurse)), ("Account.Password", ClinicSite.Password)]
            : [];
        ShouldBeAnsweredAt(place, await lead.Send(path, form, [.. rest.Where(r => !string.Equals(r.Name, field, StringComparison.Ordinal)), (field, TenMegabytes)]));
        Assert.Equal(before, await Rows(site));
    }

    [Theory]
    [InlineData("/patients/{0}/intake/referral", "intake", "Input.Values[reason]", "reason")]
    [InlineData("/patients/{0}/intake/referral", "intake", "Input.Values[referredBy]", "referredBy")]
    [InlineData("/patients/{0}/intake/referral", "intake", "Input.Values[referredOn]", "referredOn")]
    [InlineData("/patients/{0}/intake/mind", "intake", "Input.Values[psychosis]", "psychosis")]
    [InlineData("/patients/{0}/intake/plan", "intake", "Input.Values[plannedDose]", "plannedDose")]
    [InlineData("/patients/{0}/intake/trials", "intake", "Input.Trials[0].Drug", "trials")]
    [InlineData("/patients/{0}/intake/trials", "intake", "Input.Trials[0].Dose", "trials")]
    [InlineData("/patients/{0}/intake/heart", "intake", "Input.Pressures[0].Systolic", "pressures")]
    [InlineData("/patients/{0}/intake/medication", "intake", "Input.Drugs[0].Name", "medication")]
    [InlineData("/patients/{0}/eligibility", "decide", "Team.Reason", "decisionReason")]
    [InlineData("/patients/{0}/consent", "consent", "Input.PatientName", "patientName")]
    [InlineData("/patients/{0}/consent", "consent", "Input.Note", "note")]
    [InlineData("/patients/{0}/consent", "consent", "Input.SignedAt", "signedAt")]
    [InlineData("/patients/{0}/consent", "no", "No.Note", "why")]
    [InlineData("/patients/{0}/follow-up", "mail", "Input.Mail", "mail")]
    public async Task A_referral_is_told_at_the_field_and_not_stored(string path, string form, string field, string place)
    {
        using var lead = await site.VisitAs(site.Lead);
        (string Name, string Value)[] rest = form is "decide" ? [("Team.Decision", nameof(ReviewerDecision.Approve))] : [];
        ShouldBeAnsweredAt(place, await lead.Send(string.Format(CultureInfo.InvariantCulture, path, site.Patient.Id), form, [.. rest, (field, TenMegabytes)]));
        Assert.Equal((0, 0, 0), await site.With(async services =>
        {
            var db = services.GetRequiredService<ClinicDb>();
            return (await db.IntakeSections.CountAsync(), await db.TeamDecisions.CountAsync(), await db.Consents.CountAsync());
        }));
    }

    [Fact]
    public async Task A_finding_stays_open()
    {
        var patient = await site.AddPatient(site.Lead, ClinicSite.AnyPatient("LONG-TEXT"));
        var finding = await site.With(async services =>
        {
            var actor = new Actor(site.Lead.Id, site.Lead.DisplayName, ClinicRole.Lead);
            var answers = new Phq9Form(Guid.CreateVersion7(), [1, 1, 1, 1, 1, 1, 1, 1, 1]);
            return (await new FollowUp(services.GetRequiredService<ClinicDb>(), services.GetRequiredService<TimeProvider>(), actor).RecordPhq9(patient.Id, answers)).Findings[0];
        });
        using var lead = await site.VisitAs(site.Lead);
        ShouldBeAnsweredAt("actionTaken", await lead.Send($"/findings/{finding.Id}", "close-finding", ("Input.ActionTaken", TenMegabytes)));
        Assert.True(await site.With(services => services.GetRequiredService<ClinicDb>().Findings.AnyAsync(f => f.Id == finding.Id && f.ClosedAt == null)));
    }

    [Fact]
    public async Task A_research_consent_is_not_stored()
    {
        using var nurse = await site.VisitAs(site.Nurse);
        ShouldBeAnsweredAt("givenOn", await nurse.Send($"/patients/{site.Patient.Id}/research", "consent", ("Input.GivenOn", TenMegabytes)));
        Assert.False(await site.With(services => services.GetRequiredService<ClinicDb>().ResearchConsents.AnyAsync(c => c.PatientId == site.Patient.Id)));
    }

    [Theory]
    [InlineData("/courses/{1}/decisions", "decide", "Input.Reason", "reason")]
    [InlineData("/courses/{1}/decisions", "decide", "Input.Kind", "kind")]
    [InlineData("/courses/{1}/decisions", "decide", "Input.IntervalDays", "intervalDays")]
    [InlineData("/courses/{1}/care", "plan", "Input.What", "what")]
    [InlineData("/courses/{1}/care", "plan", "Input.Hours", "hours")]
    [InlineData("/courses/{1}/care", "plan", "Input.Note", "note")]
    [InlineData("/patients/{0}/long-term", "watch", "Input.Note", "note")]
    [InlineData("/patients/{0}/long-term", "watch", "Input.Day", "day")]
    [InlineData("/patients/{0}/long-term", "watch", "Input.AltOrAst", "altOrAst")]
    [InlineData("/patients/{0}/serious-events", "serious-event", "Input.Day", "day")]
    [InlineData("/patients/{0}/serious-events", "serious-event", "Input.Done", "done")]
    [InlineData("/patients/{0}/serious-events", "serious-event", "Input.ReportedBy", "reportedBy")]
    public async Task Nothing_is_decided_planned_or_recorded(string path, string form, string field, string place)
    {
        var patient = await site.AddPatient(site.Lead, ClinicSite.AnyPatient($"LONG-{Guid.CreateVersion7():N}"[..30]));
        var course = await site.With(services => new CoursePlanner(services.GetRequiredService<ClinicDb>(), services.GetRequiredService<TimeProvider>(), new Actor(site.Lead.Id, site.Lead.DisplayName, ClinicRole.Lead)).Save(patient.Id, new OrderForm()));
        using var lead = await site.VisitAs(site.Lead);
        (string Name, string Value)[] rest = [("Input.Kind", form switch { "decide" => "Maintain", "plan" => "Other", "serious-event" => "SuicideAttempt", _ => "LiverTests" })];
        ShouldBeAnsweredAt(place, await lead.Send(string.Format(CultureInfo.InvariantCulture, path, patient.Id, course.Id), form, [.. rest.Where(r => !string.Equals(r.Name, field, StringComparison.Ordinal)), (field, TenMegabytes)]));
        Assert.False(await site.With(async services =>
        {
            var db = services.GetRequiredService<ClinicDb>();
            return await db.Decisions.AnyAsync(d => d.CourseId == course.Id) || await db.CareItems.AnyAsync(c => c.CourseId == course.Id) || await db.WatchRecords.AnyAsync(r => r.PatientId == patient.Id) || await db.SeriousEvents.AnyAsync(e => e.PatientId == patient.Id);
        }));
    }

    [Theory]
    [InlineData("/my/phq9", "answers", "Input.Items[1]")]
    [InlineData("/patients/{0}/phq9", "scale", "Input.Items[1]")]
    [InlineData("/patients/{0}/phq9", "scale", "Input.AnsweredOn")]
    public async Task A_questionnaire_is_not_stored(string path, string form, string field)
    {
        using var person = await site.VisitAs(path.StartsWith("/my", StringComparison.Ordinal) ? site.PatientAccount : site.Nurse);
        var page = await person.Send(string.Format(CultureInfo.InvariantCulture, path, site.Patient.Id), form, (field, TenMegabytes));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("class=\"problem\"", page.Text, StringComparison.Ordinal);
        Assert.False(await site.With(services => services.GetRequiredService<ClinicDb>().Assessments.AnyAsync(a => a.PatientId == site.PatientAccount.PatientId)));
    }

    [Theory]
    [InlineData("Input.Clinic", "name")]
    [InlineData("Input.TimeZone", "timeZone")]
    [InlineData("Input.Chairs", "chairs")]
    [InlineData("Input.CrisisLine", "crisisLine")]
    [InlineData("Input.DisplayName", "displayName")]
    [InlineData("Input.UserName", "userName")]
    [InlineData("Input.PasswordAgain", "passwordAgain")]
    public async Task The_first_account_is_not_made(string field, string place)
    {
        using var visitor = empty.Visit();
        (string Name, string Value)[] rest =
        [
            ("Input.Clinic", "Riverside"), ("Input.TimeZone", "Etc/UTC"), ("Input.Chairs", "Chair 1"), ("Input.DisplayName", "Dr. One"), ("Input.UserName", "lead.one"),
            ("Input.Password", ClinicSite.Password), ("Input.PasswordAgain", ClinicSite.Password),
        ];
        ShouldBeAnsweredAt(place, await visitor.Send("/first-run", "first-run", [.. rest.Where(r => !string.Equals(r.Name, field, StringComparison.Ordinal)), (field, TenMegabytes)]));
        Assert.Equal((0, 0, null), await Rows(empty));
    }

    [Theory]
    [InlineData("Input.Code", "code")]
    [InlineData("Input.DateOfBirth", "dateOfBirth")]
    [InlineData("Input.UserName", "userName")]
    [InlineData("Input.Password", "password")]
    [InlineData("Input.PasswordAgain", "passwordAgain")]
    [InlineData("Input.Mail", "mail")]
    public async Task An_invitation_is_not_used_up(string field, string place)
    {
        var patient = await site.AddPatient(site.Lead, ClinicSite.AnyPatient($"JOIN-{place}"));
        var code = await site.With(async services => (await new Invitations(services.GetRequiredService<ClinicDb>(), services.GetRequiredService<TimeProvider>())
            .Make(new Actor(site.Lead.Id, site.Lead.DisplayName, ClinicRole.Lead), patient.Id)).Code);
        using var visitor = site.Visit();
        (string Name, string Value)[] right =
        [
            ("Input.Code", code), ("Input.DateOfBirth", "1985-06-01"), ("Input.UserName", $"join.{place}"), ("Input.Password", ClinicSite.Password), ("Input.PasswordAgain", ClinicSite.Password),
        ];
        var wrong = right.Where(r => !string.Equals(r.Name, field, StringComparison.Ordinal)).Append((field, TenMegabytes));
        if (string.Equals(place, "password", StringComparison.Ordinal))
            wrong = wrong.Select(w => w.Item1.EndsWith("PasswordAgain", StringComparison.Ordinal) ? (w.Item1, TenMegabytes) : w);
        ShouldBeAnsweredAt(place, await visitor.Send("/join", "join", [.. wrong]));
        Assert.Equal("/my", (await visitor.Send("/join", "join", right)).LeadsTo);
    }

    [Theory]
    [InlineData("dose", "0.4")]
    [InlineData("days", "0,2,4")]
    [InlineData("systolicLimit", "170")]
    public async Task A_live_box_says_so_and_the_page_goes_on(string lever, string sound)
    {
        var patient = await site.AddPatient(site.Lead, ClinicSite.AnyPatient(Guid.NewGuid().ToString("N")[..12]));
        var page = await chromium.Open(site, await site.SessionOf(site.Lead));
        await page.GotoAsync($"/patients/{patient.Id}/course/new");
        await page.Locator($"#{lever}").FillAsync(TenMegabytes);
        await Expect(page.Locator($"#{lever}-problem")).ToContainTextAsync("Too long");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as order" }).ClickAsync();
        await Expect(page.Locator($"#{lever}-problem")).ToContainTextAsync("Too long");
        Assert.False(await site.With(services => services.GetRequiredService<ClinicDb>().Courses.AnyAsync(c => c.PatientId == patient.Id)));
        await page.Locator($"#{lever}").FillAsync(sound); // the connection has outlived it
        await Expect(page.Locator(".plan-values")).ToBeVisibleAsync();
        await Expect(page.Locator($"#{lever}-problem .problem")).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Sign_in_says_that_it_does_not_match()
    {
        using var visitor = site.Visit();
        var page = await visitor.Send("/sign-in", "sign-in", ("Input.UserName", TenMegabytes), ("Input.Password", TenMegabytes));
        Assert.Contains("do not match", page.Words, StringComparison.Ordinal);
        Assert.InRange(page.Text.Length, 1, 200_000);
    }

    [Fact]
    public async Task More_than_any_text_is_refused_in_plain_words()
    {
        using var visitor = site.Visit();
        var page = await visitor.Send("/sign-in", "sign-in", ("Input.UserName", string.Concat(Enumerable.Repeat(TenMegabytes, 4))));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, page.Status);
        Assert.Contains("Too much text", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain(" at Microsoft.", page.Text, StringComparison.Ordinal);
    }

    private static void ShouldBeAnsweredAt(string place, Page page)
    {
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains($"id=\"{place}-problem\"", page.Text, StringComparison.Ordinal);
        Assert.InRange(page.Text.Length, 1, 200_000);
    }

    private static Task<(int Patients, int Accounts, string? Clinic)> Rows(ClinicSite site) => site.With(async services =>
    {
        var db = services.GetRequiredService<ClinicDb>();
        return (await db.Patients.CountAsync(), await db.Users.CountAsync(), (await db.Settings.SingleOrDefaultAsync())?.Name);
    });
}
