using System.Net;
using Euthymia.Clinic;
using Euthymia.Clinic.Patients.LongTerm;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Euthymia.Web.Tests;

/// <summary>What a patient says on their own page and what the staff do with it: the consent, a wish; and a serious event from the telephone to its report.</summary>
public sealed class OwnPageJourneyTests(RolesSite site, Chromium chromium) : IClassFixture<RolesSite>
{
    [Fact]
    public async Task A_patient_reads_and_signs_on_a_phone_without_script_and_a_clinician_signs_beside_it()
    {
        var (patient, account) = await PatientWithAccount("OWN-1");
        var phone = await chromium.Open(site, await site.SessionOf(account), Chromium.Phone, script: false, touch: true);
        await phone.GotoAsync("/my");
        await phone.GetByRole(AriaRole.Link, new() { Name = "Read and sign your consent" }).ClickAsync();
        await Expect(phone.GetByRole(AriaRole.Button, new() { Name = "Sign", Exact = true })).ToHaveCountAsync(0); // not before the text is read
        await phone.GetByRole(AriaRole.Article).GetByRole(AriaRole.Link, new() { Name = "About the treatment" }).ClickAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "I have read it and understood it" }).ClickAsync();
        await phone.GotoAsync("/my/consent");
        // A screen reader meets what is signed before the place to sign it.
        await Expect(phone.GetByRole(AriaRole.Main)).ToMatchAriaSnapshotAsync("""
            - main:
              - article:
                - heading "Your consent" [level=1]
                - status: Nothing is signed yet. You can say no, and you can ask about everything first.
                - heading "Consent to a course of ketamine infusions" [level=2]
                - heading "Off-label use" [level=3]
                - heading "Alternatives" [level=3]
                - heading "No driving" [level=3]
                - heading "An escort" [level=3]
                - heading "Bladder" [level=3]
                - heading "Dependence" [level=3]
                - heading "Long-term safety" [level=3]
                - region "Sign":
                  - heading "Sign" [level=2]
                  - textbox "Your first and last name"
                  - checkbox
                  - button "Sign"
            """);
        await phone.GetByRole(AriaRole.Button, new() { Name = "Sign", Exact = true }).ClickAsync();
        await Expect(phone.Locator("#patientName-problem")).ToBeVisibleAsync();
        await Expect(phone.Locator("#means-problem")).ToBeVisibleAsync();
        await phone.ShouldFitTheWindow();
        await phone.Picture("my-consent-phone");
        await phone.GetByLabel("Your first and last name").FillAsync("Ash Testwood");
        await phone.Locator("#means-box").CheckAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Sign", Exact = true }).ClickAsync();
        await Expect(phone.Locator(".notice")).ToContainTextAsync("You signed on");
        await phone.ShouldFitTheWindow();

        var staff = await chromium.Open(site, await site.SessionOf(site.Lead));
        await staff.GotoAsync("/today");
        await staff.GetByRole(AriaRole.Link, new() { Name = "Sign beside Ash Testwood OWN-1" }).ClickAsync();
        await Expect(staff.Locator(".notice")).ToContainTextAsync("Signed by the patient on their own page as \"Ash Testwood\"");
        await Expect(staff.Locator("#patientName")).ToHaveCountAsync(0);
        foreach (var clause in ConsentForm.Current.Clauses)
            await staff.Locator($"#clause-{clause.Clause}").CheckAsync();
        await staff.Locator("#clinicianMeans-box").CheckAsync();
        await staff.ShouldBeAccessible();
        await staff.Picture("consent-beside");
        await staff.GetByRole(AriaRole.Button, new() { Name = "Sign beside the patient as" }).ClickAsync();
        await Expect(staff.Locator(".go-word")).ToContainTextAsync("Signed");

        await phone.GotoAsync("/my/consent");
        await Expect(phone.Locator(".notice")).ToContainTextAsync($"{site.Lead.DisplayName} signed with you");
        using var own = await site.VisitAs(account);
        using var lead = await site.VisitAs(site.Lead);
        var record = await site.With(services => services.GetRequiredService<ClinicDb>().Consents.Where(c => c.PatientId == patient.Id).Select(c => c.Id).SingleAsync());
        foreach (var (person, path) in new[] { (own, "/my/consent/pdf"), (lead, $"/patients/{patient.Id}/consent/pdf/{record}") })
        {
            var pdf = await person.Get(path);
            Assert.Equal((HttpStatusCode.OK, "application/pdf"), (pdf.Status, pdf.Answer.Content.Headers.ContentType?.MediaType));
            Assert.StartsWith("%PDF-", pdf.Text, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await lead.Get($"/patients/{site.Patient.Id}/consent/pdf/{record}")).Status); // another patient's record
        await phone.Context.CloseAsync();
        await staff.Context.CloseAsync();
    }

    [Fact]
    public async Task A_wish_on_a_phone_without_script_reaches_the_staff_and_is_answered_without_advice()
    {
        var (patient, account) = await PatientWithAccount("OWN-2");
        var phone = await chromium.Open(site, await site.SessionOf(account), Chromium.Phone, script: false, touch: true);
        await phone.GotoAsync("/my");
        await phone.GetByRole(AriaRole.Link, new() { Name = "I would like the next treatment" }).ClickAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Tell my team" }).ClickAsync();
        await Expect(phone.Locator("#wishes-problem")).ToContainTextAsync("Choose at least one");
        await phone.GetByLabel("stronger").CheckAsync();
        await phone.GetByLabel("In your own words").FillAsync("It fades <b>fast</b>.");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Tell my team" }).ClickAsync();
        await Expect(phone.Locator(".notice")).ToContainTextAsync("They decide with you");
        await phone.ShouldFitTheWindow();
        await phone.Picture("my-wish-phone");
        var staff = await chromium.Open(site, await site.SessionOf(site.Nurse));
        await staff.GotoAsync("/today");
        await Expect(staff.Locator("#from-patients + ul")).ToContainTextAsync("The next treatment stronger, please. In own words: It fades <b>fast</b>.");
        await staff.ShouldBeAccessible();
        Assert.Equal((WatchKind.RequestForMore, true), await site.With(async services =>
        {
            var record = await services.GetRequiredService<ClinicDb>().WatchRecords.SingleAsync(r => r.PatientId == patient.Id);
            return (record.Kind, record.IsSelfReport);
        }));
        await phone.Context.CloseAsync();
        await staff.Context.CloseAsync();
    }

    [Fact]
    public async Task A_serious_event_is_recorded_refused_at_its_field_when_it_cannot_be_and_completed_with_its_report()
    {
        var patient = await site.AddPatient(site.Lead, ClinicSite.AnyPatient("OWN-3"));
        var page = await chromium.Open(site, await site.SessionOf(site.Nurse), script: false);
        await page.GotoAsync($"/patients/{patient.Id}/long-term");
        await page.GetByRole(AriaRole.Link, new() { Name = "Serious events" }).ClickAsync();
        await page.Locator("#kind").SelectOptionAsync("SuicideAttempt");
        await page.Locator("#day").FillAsync("1999-01-01");
        await page.Locator("#done").FillAsync("Seen at once, brother stays.");
        await page.Locator("#report").SelectOptionAsync("NotYet");
        await page.GetByRole(AriaRole.Button, new() { Name = "Record" }).ClickAsync();
        await Expect(page.Locator("#day-problem")).ToContainTextAsync("more than 5 years ago");
        await page.Locator("#day").FillAsync("");
        await page.Locator("#day-unknown").CheckAsync();
        await page.ShouldFitTheWindow();
        await page.GetByRole(AriaRole.Button, new() { Name = "Record" }).ClickAsync();
        await Expect(page.Locator(".lead-in")).ToContainTextAsync("1 on record, not yet reported");
        await page.GetByRole(AriaRole.Link, new() { Name = "Complete or correct" }).ClickAsync();
        await page.Locator("#report").SelectOptionAsync("Reported");
        await page.Locator("#reportedOn").FillAsync(TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        await page.Locator("#reportedBy").FillAsync("Dr. Rowan");
        await page.GetByRole(AriaRole.Button, new() { Name = "Record" }).ClickAsync();
        await Expect(page.Locator(".lead-in")).ToContainTextAsync("1 on record");
        await Expect(page.Locator(".badge.is-good")).ToContainTextAsync("Reported");
        Assert.Equal(["LTS-07"], await site.With(services => services.GetRequiredService<ClinicDb>().Findings.Where(f => f.PatientId == patient.Id).Select(f => f.RuleId).ToListAsync()), StringComparer.Ordinal);
        var looking = await chromium.Open(site, await site.SessionOf(site.Nurse));
        await looking.GotoAsync($"/patients/{patient.Id}/serious-events");
        await looking.ShouldBeAccessible();
        await Expect(looking.GetByRole(AriaRole.Main)).ToMatchAriaSnapshotAsync("""
            - main:
              - heading /Serious events of/ [level=1]
              - region "On record":
                - list
                - region "What the rules say"
              - heading "Record an event" [level=2]
              - combobox "What it was"
              - textbox "Day"
              - checkbox "The day is not known"
              - textbox "What happened"
              - textbox "What was done"
              - heading "Report to the authority" [level=3]
              - combobox "State"
              - button "Record"
            """);
        await looking.Picture("serious-events");
        await page.Context.CloseAsync();
        await looking.Context.CloseAsync();
    }

    [Fact]
    public async Task An_override_before_a_course_is_taken_back_on_the_page()
    {
        var patient = await site.Admit(await site.AddPatient(site.Lead, ClinicSite.AnyPatient("OWN-4")));
        using var lead = await site.VisitAs(site.Lead);
        var path = $"/patients/{patient.Id}/eligibility";
        await site.With(async services =>
        {
            var (db, time, lead) = (services.GetRequiredService<ClinicDb>(), services.GetRequiredService<TimeProvider>(), new Actor(site.Lead.Id, site.Lead.DisplayName, ClinicRole.Lead));
            await new RuleSignatures(db, time, lead).Sign([.. RuleBook.All.Where(r => r.MustBeSigned).Select(r => r.Id)]);
            var book = new IntakeBook(db, time, lead);
            var stored = (await book.Of(patient.Id))["substances"]!;
            return await book.Save(patient.Id, "substances", stored.Version, stored.Answers with { Values = stored.Answers.Values.SetItem("ketamineMisuse", "yes") });
        });
        const string stop = "past-SCR-18";
        Assert.NotNull((await lead.Send(path, stop, ("Past.Reason", "Twelve years ago, once."))).LeadsTo);
        var back = stop.Replace("past-", "back-", StringComparison.Ordinal);
        Assert.Contains($"id=\"{back}-problem\"", (await lead.Send(path, back, ("Back.Reason", " "))).Text, StringComparison.Ordinal);
        Assert.NotNull((await lead.Send(path, back, ("Back.Reason", "The letter says last year."))).LeadsTo);
        var page = await lead.Get(path);
        Assert.Contains("The letter says last year.", page.Words, StringComparison.Ordinal);
        Assert.Contains(stop, Forms.Posts(page).Select(Forms.Handler), StringComparer.Ordinal); // the stop holds again
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Each_page_is_accessible_and_fits_a_phone_in_both_themes(ColorScheme scheme)
    {
        var (patient, account) = await PatientWithAccount($"OWN-{scheme}");
        await site.With(services => new SeriousEvents(services.GetRequiredService<ClinicDb>(), services.GetRequiredService<TimeProvider>(), new Actor(site.Nurse.Id, site.Nurse.DisplayName, ClinicRole.Nurse))
            .Record(patient.Id, new SeriousEventForm(SeriousEventKind.OtherSerious, DayUnknown: true, What: new string('x', 300), Done: "Course stopped.", Report: AuthorityReport.NotYet)));
        string[] staff = ["/today", "/on-call", .. new[] { "serious-events", "long-term", "follow-up", "consent", "eligibility", "story" }.Select(p => $"/patients/{patient.Id}/{p}"), "/clinic/rule-book"];
        foreach (var (session, addresses) in new[] { (site.Lead, staff), (account, ["/my", "/my/wish", "/my/consent", "/my/learn"]) })
        {
            var page = await chromium.Open(site, await site.SessionOf(session), Chromium.Phone, scheme);
            foreach (var address in addresses)
            {
                await page.GotoAsync(address);
                await page.ShouldBeAccessible();
                await page.ShouldFitTheWindow();
            }

            await page.Context.CloseAsync();
        }
    }

    private async Task<(Patient Patient, Account Account)> PatientWithAccount(string number)
    {
        var patient = await site.AddPatient(site.Lead, ClinicSite.AnyPatient(number, $"Testwood {number}"));
        return (patient, await site.AddAccount($"patient.{number.ToLowerInvariant()}", ClinicRole.Patient, patient.Id));
    }
}
