using Euthymia.Clinic;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Euthymia.Web.Tests;

/// <summary>From a referral to an eligible patient with signed consent, as a lead and a nurse do it in a browser.</summary>
public sealed class ReferralJourneyTests(RolesSite site, Chromium chromium) : IClassFixture<RolesSite>
{
    private static readonly string[] Affirmed = ["canConsent", "siteRegisteredAndEquipped", "structuredInterview"];

    [Fact]
    public async Task A_lead_takes_the_intake_sees_what_stops_decides_signs_and_the_patient_is_eligible()
    {
        var patient = await site.AddPatient(site.Lead, ClinicSite.AnyPatient("REF-1", "Larchwood"));
        var page = await chromium.Open(site, await site.SessionOf(site.Lead));
        await page.GotoAsync("/today");
        await page.GetByRole(AriaRole.Link, new() { Name = "Open the referral of Ash Larchwood" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Intake");
        await page.ShouldBeAccessible();
        await page.GetByRole(AriaRole.Link, new() { Name = "Begin" }).ClickAsync();
        foreach (var section in IntakeQuestions.Current.Sections)
        {
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(section.Title);
            await Answer(page, section);
            await page.ShouldBeAccessible();
            await page.ShouldFitTheWindow();
            await page.GetByRole(AriaRole.Button, new() { Name = "Save and" }).First.ClickAsync();
        }

        await Expect(page.Locator(".go-word")).ToContainTextAsync("Not now"); // the pressure typed above
        await page.ShouldBeAccessible();
        await page.Picture("eligibility-not-now");
        await page.Locator("#SCR-06 a[href*='intake/heart']").ClickAsync();
        await page.GetByLabel("Reading 1, upper value, mmHg").FillAsync("128");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and leave" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Intake");
        await page.GotoAsync($"/patients/{patient.Id}/phq9");
        for (var item = 1; item <= 9; item++)
            await page.Locator($"input[name='Input.Items[{item}]'][value='{(item == 9 ? 0 : 2)}']").CheckAsync();
        await page.Locator("main form button.primary").ClickAsync();
        await page.WaitForURLAsync(url => !url.EndsWith("/phq9", StringComparison.Ordinal));

        await Sign(page, patient);
        await Approve(page, patient);
        await Expect(page.Locator(".go-word")).ToContainTextAsync("Not assessed"); // one name of two
        await page.Context.CloseAsync();

        var nurse = await chromium.Open(site, await site.SessionOf(site.Nurse));
        await Approve(nurse, patient);
        await Expect(nurse.Locator(".go-word")).ToContainTextAsync("Eligible with conditions");
        await Expect(nurse.Locator("#SCR-17")).ToContainTextAsync("Any current recreational drug");
        await nurse.ShouldBeAccessible();
        await nurse.Picture("eligibility-conditions");
        await nurse.GotoAsync($"/patients/{patient.Id}/intake/substances");
        await nurse.Locator("#recreationalDrugs-no").CheckAsync();
        await nurse.GetByRole(AriaRole.Button, new() { Name = "Save and leave" }).ClickAsync();
        await Expect(nurse.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Intake");
        await nurse.GotoAsync($"/patients/{patient.Id}/intake/substances");
        await Expect(nurse.Locator("details")).ToContainTextAsync("Recreational drugs now, cannabis included: yes → no");
        await nurse.GotoAsync($"/patients/{patient.Id}/eligibility");
        await Expect(nurse.Locator(".go-word")).ToContainTextAsync("Eligible");
        await Expect(nurse.GetByText("Every rule is assessed and clear.")).ToBeVisibleAsync();
        await nurse.GotoAsync($"/patients/{patient.Id}");
        await Expect(nurse.Locator(".lead-in")).ToContainTextAsync("treatment-resistant");
        await nurse.ShouldBeAccessible();
        await nurse.Context.CloseAsync();
    }

    [Fact]
    public async Task Scheduling_is_refused_with_its_reasons_until_a_lead_goes_past_a_stop()
    {
        var patient = await site.Admit(await site.AddPatient(site.Lead, ClinicSite.AnyPatient("REF-2", "Rowantree")));
        await site.With(async services =>
        {
            var (db, time) = (services.GetRequiredService<ClinicDb>(), services.GetRequiredService<TimeProvider>());
            var lead = new Actor(site.Lead.Id, site.Lead.DisplayName, ClinicRole.Lead);
            var stored = (await new IntakeBook(db, time, lead).Of(patient.Id))["body"]!;
            await new IntakeBook(db, time, lead).Save(patient.Id, "body", 1, stored.Answers with { Values = stored.Answers.Values.SetItem("glaucomaOrEyeInjury", "yes") });
            return await new CoursePlanner(db, time, lead).Save(patient.Id, new OrderForm());
        });
        var page = await chromium.Open(site, await site.SessionOf(site.Lead));
        await page.GotoAsync($"/patients/{patient.Id}/course");
        await Expect(page.GetByText("The first infusion gets no date yet.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Schedule them" }).ClickAsync();
        await Expect(page.Locator(".summary")).ToContainTextAsync("Glaucoma or open eye injury: Glaucoma, raised eye pressure or an open eye injury without");
        await page.GetByRole(AriaRole.Link, new() { Name = "Open the eligibility sheet" }).ClickAsync();
        await page.Locator("#SCR-12 summary").Last.ClickAsync();
        await page.Locator("#reason-SCR-12").FillAsync("Seen by the eye clinic this morning.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on as Test lead.one" }).First.ClickAsync();
        await Expect(page.Locator("#SCR-12")).ToContainTextAsync("Gone past by Test lead.one");
        await page.GotoAsync("/clinic/overrides");
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "Seen by the eye clinic" })).ToContainTextAsync("SCR-12");
        await page.ShouldBeAccessible();
        await page.GotoAsync($"/patients/{patient.Id}/course");
        await page.GetByRole(AriaRole.Button, new() { Name = "Schedule them" }).ClickAsync();
        await Expect(page.Locator("tbody tr").Filter(new() { HasText = "Scheduled" })).ToHaveCountAsync(6);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Pages_of_a_referral_are_accessible_and_fit_a_phone_without_script()
    {
        var patient = await site.Admit(await site.AddPatient(site.Lead, ClinicSite.AnyPatient("REF-3", "Whitebeam")));
        string[] addresses = ["/referrals", .. new[] { "intake", "intake/trials", "intake/medication", "eligibility", "consent", "consent/paper" }.Select(p => $"/patients/{patient.Id}/{p}"), "/clinic/rule-book"];
        var page = await chromium.Open(site, await site.SessionOf(site.Lead), Chromium.Phone);
        foreach (var address in addresses)
        {
            await page.GotoAsync(address);
            await page.ShouldBeAccessible();
            await page.ShouldFitTheWindow();
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Of_two_who_fill_one_section_the_second_keeps_what_was_typed_and_is_told()
    {
        var patient = await site.AddPatient(site.Lead, ClinicSite.AnyPatient("REF-4", "Juniper"));
        using var lead = await site.VisitAs(site.Lead);
        using var nurse = await site.VisitAs(site.Nurse);
        var path = $"/patients/{patient.Id}/intake/mind";
        var first = await lead.Fill(path, "intake", ("Input.Values[psychosis]", "no"));
        var second = await nurse.Fill(path, "intake", ("Input.Values[psychosis]", "yes"));
        Assert.NotNull((await lead.Post(first)).LeadsTo);
        var refused = await nurse.Post(second);
        Assert.Contains("Test lead.one saved this section", refused.Words, StringComparison.Ordinal);
        Assert.Matches("id=\"psychosis-yes\"[^>]*checked", refused.Text);
        Assert.False((await Stored(patient.Id)).YesNo("psychosis"));
    }

    [Fact]
    public async Task A_lead_changes_where_reminders_go_and_a_nurse_cannot()
    {
        var patient = await site.AddPatient(site.Lead, ClinicSite.AnyPatient("REF-5", "Hawthorn"));
        var account = await site.AddAccount("patient.mail", ClinicRole.Patient, patient.Id);
        using var nurse = await site.VisitAs(site.Nurse);
        Assert.DoesNotContain("Change the address", (await nurse.Get($"/patients/{patient.Id}/follow-up")).Words, StringComparison.Ordinal);
        using var lead = await site.VisitAs(site.Lead);
        var wrong = await lead.Send($"/patients/{patient.Id}/follow-up", "mail", ("Input.Mail", "nobody"));
        Assert.Contains("id=\"mail-problem\"", wrong.Text, StringComparison.Ordinal);
        Assert.NotNull((await lead.Send($"/patients/{patient.Id}/follow-up", "mail", ("Input.Mail", "ash@example.org"))).LeadsTo);
        Assert.Equal("ash@example.org", await site.With(s => s.GetRequiredService<ClinicDb>().Users.Where(u => u.Id == account.Id).Select(u => u.Email).SingleAsync()));
        Assert.True(await site.With(s => s.GetRequiredService<ClinicDb>().Audit.AnyAsync(a => a.PatientId == patient.Id && a.Kind == AuditKind.MailAddressChanged)));
    }

    private static async Task Answer(IPage page, IntakeSectionForm section)
    {
        if (section.Lists == IntakeList.Trials)
        {
            foreach (var (line, code, dose) in new[] { (1, "N06AB10", "20"), (2, "N06AX16", "225") })
            {
                await page.GetByLabel($"Line {line}, medicine").SelectOptionAsync(code);
                await page.GetByLabel($"Line {line}, highest dose, mg a day").FillAsync(dose);
                await page.GetByLabel($"Line {line}, weeks at that dose").FillAsync("9");
                await page.GetByLabel($"Line {line}, in this episode").SelectOptionAsync("yes");
                await page.GetByLabel($"Line {line}, how it went").SelectOptionAsync(nameof(TrialOutcome.NoResponse));
            }
        }

        if (section.Lists == IntakeList.Pressures)
        {
            foreach (var (reading, upper, lower) in new[] { (1, "186", "84"), (2, "124", "78") })
            {
                await page.GetByLabel($"Reading {reading}, upper value, mmHg").FillAsync(upper);
                await page.GetByLabel($"Reading {reading}, lower value, mmHg").FillAsync(lower);
            }
        }

        if (section.Lists == IntakeList.Medication)
            await page.Locator("#medication-table-none").CheckAsync();
        foreach (var question in section.Questions)
        {
            switch (question.Kind)
            {
                case IntakeKind.YesNo:
                    var answer = Affirmed.Contains(question.Id, StringComparer.Ordinal) || question.Id is "recreationalDrugs" ? "yes" : "no";
                    await page.Locator($"#{question.Id}-{answer}").CheckAsync();
                    break;
                case IntakeKind.Choice:
                    await page.Locator($"#{question.Id}-{nameof(TreatmentPhase.AcuteCourse)}").CheckAsync();
                    break;
                case IntakeKind.Whole or IntakeKind.Decimal:
                    await page.Locator($"#{question.Id}").FillAsync(question.Id is "plannedDose" ? "0.5" : "6");
                    break;
                case IntakeKind.Date or IntakeKind.PastDate when question.Id is "liverTestsOn" or "monitoringQueryOn" or "reviewOn":
                    await page.Locator($"#{question.Id}").FillAsync(TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
                    break;
                case IntakeKind.Line when question.Id is "stopRule":
                    await page.Locator("#stopRule").FillAsync("No response after the fourth infusion");
                    break;
            }
        }
    }

    private static async Task Sign(IPage page, Patient patient)
    {
        await page.GotoAsync($"/patients/{patient.Id}/consent");
        await page.ShouldBeAccessible();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign both as" }).ClickAsync();
        await Expect(page.Locator("#explained-problem")).ToContainTextAsync("Every clause has to be explained");
        foreach (var clause in ConsentForm.Current.Clauses)
            await page.Locator($"#clause-{clause.Clause}").CheckAsync();
        await page.Locator("#text-together").CheckAsync();
        await page.Locator("#patientName").FillAsync("Ash Larchwood");
        await page.Locator("#patientMeans-box").CheckAsync();
        await page.Locator("#clinicianMeans-box").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign both as" }).ClickAsync();
        await Expect(page.Locator(".go-word")).ToContainTextAsync("Signed");
        await page.ShouldBeAccessible();
        await page.Picture("consent-signed");
    }

    private static async Task Approve(IPage page, Patient patient)
    {
        await page.GotoAsync($"/patients/{patient.Id}/eligibility");
        await page.Locator("#decision-Approve").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Record my decision" }).ClickAsync();
        await Expect(page.Locator("#team ~ ul")).ToContainTextAsync("Approved");
    }

    private Task<IntakeAnswers> Stored(Guid patientId) => site.With(async services => (await new IntakeBook(
        services.GetRequiredService<ClinicDb>(), services.GetRequiredService<TimeProvider>(), new Actor(site.Lead.Id, site.Lead.DisplayName, ClinicRole.Lead)).Of(patientId)).Answers);
}
