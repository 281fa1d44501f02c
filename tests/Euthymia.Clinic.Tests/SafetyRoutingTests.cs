using Euthymia.Clinic.Rules;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests;

/// <summary>Worrying answers reach somebody: a finding with an owner and a due time, calls until it is taken on, and an end only by a named clinician.</summary>
public sealed class SafetyRoutingTests
{
    private static async Task<TestClinic> Open(Store store = Store.Sqlite, string onCall = "oncall@example.org")
    {
        var clinic = await TestClinic.Open(store);
        await clinic.As(clinic.Lead, async (db, lead) =>
        {
            var settings = await new ClinicOffice(db).Settings(TestClinic.Cancel);
            settings.OpeningHours = "Mon-Fri 08:00-17:00";
            settings.CrisisLine = "Test line 000";
            settings.OnCallMail = onCall;
            return await new ClinicOffice(db).Save(settings, lead, TestClinic.Cancel);
        });
        return clinic;
    }

    private static Actor Self(Patient patient) => new(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, patient.Id);

    public static TheoryData<string, int, int, string, FindingSeverity, ClinicRole> Signs => new()
    {
        { "PHQ-9", 9, 1, "SUI-01", FindingSeverity.High, ClinicRole.Lead },
        { "PHQ-9", 9, 2, "SUI-02", FindingSeverity.Urgent, ClinicRole.Lead },
        { "PHQ-9", 9, 3, "SUI-02", FindingSeverity.Urgent, ClinicRole.Lead },
        { "ASQ", 1, 1, "SUI-09", FindingSeverity.Urgent, ClinicRole.Lead },
        { "ASQ", 4, 2, "SUI-09", FindingSeverity.Urgent, ClinicRole.Lead }, // a refusal is a yes
        { "ASQ", 5, 1, "SUI-10", FindingSeverity.Urgent, ClinicRole.Lead },
        { "ASQ", 5, 2, "SUI-10", FindingSeverity.Urgent, ClinicRole.Lead },
        { "CHECK-IN", 5, 1, "FUP-07", FindingSeverity.High, ClinicRole.Lead },
        { "CHECK-IN", 5, 2, "FUP-07", FindingSeverity.High, ClinicRole.Lead },
        { "CHECK-IN", 4, 1, "LTS-01", FindingSeverity.Notice, ClinicRole.Nurse },
        { "CHECK-IN", 4, 3, "LTS-02", FindingSeverity.High, ClinicRole.Lead },
        { "CHECK-IN", 6, 1, "LTS-05", FindingSeverity.High, ClinicRole.Lead },
        { "CHECK-IN", 3, 2, "FUP-08", FindingSeverity.Notice, ClinicRole.Nurse },
        { "CHECK-IN", 2, 2, "FUP-08", FindingSeverity.Notice, ClinicRole.Nurse },
        { "BLADDER", 1, 1, "LTS-01", FindingSeverity.Notice, ClinicRole.Nurse },
        { "BLADDER", 5, 1, "LTS-02", FindingSeverity.High, ClinicRole.Lead },
        { "MISUSE", 1, 1, "LTS-05", FindingSeverity.High, ClinicRole.Lead },
        { "MISUSE", 5, 1, "LTS-05", FindingSeverity.High, ClinicRole.Lead },
    };

    [Theory]
    [MemberData(nameof(Signs))]
    public async Task A_sign_makes_one_finding_with_an_owner_and_a_due_time(string instrument, int item, int value, string rule, FindingSeverity severity, ClinicRole owner)
    {
        await using var clinic = await Open();
        var patient = await clinic.AddPatient();
        var result = await clinic.FollowUps(f => f.Record(patient.Id, Answers.One(instrument, item, value)), Self(patient));
        var finding = Assert.Single(result.Findings);
        Assert.Equal((rule, severity, owner), (finding.RuleId, finding.Severity, finding.Owner));
        Assert.True(finding.DueAt > finding.OpenedAt);
        Assert.All(new[] { finding.Title, finding.Basis, finding.Advice, finding.Source, finding.SourceStatus, finding.RuleVersion }, text => Assert.False(string.IsNullOrWhiteSpace(text)));
    }

    [Theory]
    [InlineData("PHQ-9")]
    [InlineData("ASQ")]
    [InlineData("CHECK-IN")]
    [InlineData("BLADDER")]
    [InlineData("MISUSE")]
    [InlineData("GAD-7")]
    public async Task Nothing_reported_makes_no_finding(string instrument)
    {
        await using var clinic = await Open();
        var patient = await clinic.AddPatient();
        Assert.Empty((await clinic.FollowUps(f => f.Record(patient.Id, Answers.First(instrument)), Self(patient))).Findings);
    }

    [Fact]
    public async Task What_was_left_out_is_noticed_and_never_read_as_no()
    {
        await using var clinic = await Open();
        var patient = await clinic.AddPatient();
        Assert.Equal("DQ-01", Assert.Single((await clinic.FollowUps(f => f.Record(patient.Id, Answers.Of("ASQ", 0, null, 0, 0, null)), Self(patient))).Findings).RuleId);
        Assert.Equal("SUI-10", Assert.Single((await clinic.FollowUps(f => f.Record(patient.Id, Answers.Of("ASQ", 1, 0, 0, 0, null)), Self(patient))).Findings).RuleId); // acuity unknown is acute
    }

    [Theory]
    [InlineData(10, 14, false)]
    [InlineData(10, 15, true)]
    [InlineData(10, 16, true)]
    [InlineData(15, 10, false)]
    public async Task A_rise_that_matters_is_a_finding_and_an_unsigned_rule_only_informs(int before, int after, bool expected)
    {
        await using var clinic = await Open();
        var patient = await clinic.AddPatient();
        await clinic.FollowUps(f => f.Record(patient.Id, Answers.Of("GAD-7", Answers.Total(InstrumentLibrary.Shipped["GAD-7"], before))));
        clinic.Time.Advance(TimeSpan.FromDays(14));
        var findings = (await clinic.FollowUps(f => f.Record(patient.Id, Answers.Of("GAD-7", Answers.Total(InstrumentLibrary.Shipped["GAD-7"], after))))).Findings;
        Assert.Equal(expected, findings.Count == 1);
        if (!expected)
            return;
        Assert.Equal(("FUP-06", FindingSeverity.Notice), (findings[0].RuleId, findings[0].Severity));
        Assert.Contains("has not signed", findings[0].Basis, StringComparison.Ordinal);
        Assert.Contains("rise since last score 5", findings[0].Basis.Replace($" {after - before},", " 5,", StringComparison.Ordinal).Replace($"score {after - before}", "score 5", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bladder_symptoms_at_two_visits_go_up_to_the_lead()
    {
        await using var clinic = await Open();
        var patient = await clinic.AddPatient();
        Assert.Equal("LTS-01", Assert.Single((await clinic.FollowUps(f => f.Record(patient.Id, Answers.One("BLADDER", 2, 1)))).Findings).RuleId);
        clinic.Time.Advance(TimeSpan.FromDays(28));
        Assert.Equal("LTS-02", Assert.Single((await clinic.FollowUps(f => f.Record(patient.Id, Answers.One("BLADDER", 4, 1)))).Findings).RuleId);
    }

    [Theory]
    [InlineData("high", "SUI-03a", 1, 1, 0, 1, 0, 0, 0)]
    [InlineData("moderate", "SUI-03b", 1, 1, 1, 0, 0, 0, 0)]
    [InlineData("low", "SUI-03c", 1, 0, null, null, null, 0, 0)]
    public async Task The_c_ssrs_outcome_of_a_clinician_is_routed_and_a_patient_cannot_enter_it(string risk, string rule, params int?[] answers)
    {
        await using var clinic = await Open();
        var patient = await clinic.AddPatient();
        var result = await clinic.FollowUps(f => f.Record(patient.Id, Answers.Of("C-SSRS", answers)));
        Assert.Equal(risk, result.Assessment.Band);
        Assert.Equal(rule, Assert.Single(result.Findings).RuleId);
        await Refused.With("forbidden", () => clinic.FollowUps(f => f.Record(patient.Id, Answers.Of("C-SSRS", answers)), Self(patient)), RefusalKind.Forbidden);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_positive_screen_at_night_calls_until_somebody_takes_it_on_and_stays_open_until_closed(Store store)
    {
        await using var clinic = await Open(store);
        clinic.Time.SetUtcNow(new DateTimeOffset(2026, 3, 3, 1, 30, 0, TimeSpan.Zero)); // Tuesday, 02:30 in Berlin
        var patient = await clinic.AddPatient();
        var finding = Assert.Single((await clinic.FollowUps(f => f.Record(patient.Id, Answers.One("ASQ", 5, 1)), Self(patient))).Findings);
        var mail = Assert.Single(await Mails(clinic)); // in the transaction of the answer
        Assert.Equal(("oncall@example.org", finding.Id, null), (mail.To, mail.FindingId, mail.SentAt));
        foreach (var secret in new[] { "Birch", "M.", "ASQ", "suicid", "kill", patient.Id.ToString(), finding.Id.ToString() })
            Assert.DoesNotContain(secret, mail.Subject + mail.Text, StringComparison.OrdinalIgnoreCase);

        for (var quarter = 1; quarter <= 3; quarter++)
        {
            clinic.Time.Advance(TimeSpan.FromMinutes(15));
            await Round(clinic);
            await Round(clinic); // twice, as two servers would
        }

        // At once, after 15 minutes (also the due time, which counts as the second overdue call), never twice.
        var calls = await Mails(clinic);
        Assert.Equal(calls.Count, calls.Select(m => m.Occurrence).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(2, calls.Count);
        var line = Assert.Single(await clinic.OnCall(o => o.Open()));
        Assert.Equal((EscalationLevel.OnCall, 2), (line.Level, line.Calls.Count));
        Assert.True(line.Finding.IsOpen); // looking closed nothing and took nothing on
        Assert.Null(line.Finding.AcknowledgedAt);

        await Refused.With("forbidden", () => clinic.OnCall(o => o.TakeOn(finding.Id), Self(patient)), RefusalKind.Forbidden);
        var taken = await clinic.OnCall(o => o.TakeOn(finding.Id), clinic.Nurse);
        Assert.Equal("Nurse Hazel", taken.AcknowledgedByName);
        Assert.True(taken.IsOpen);
        clinic.Time.Advance(TimeSpan.FromHours(24));
        await Round(clinic);
        Assert.Equal(3, (await Mails(clinic)).Count); // taken on, but still open past its due time: told again each day

        await Refused.With("required", () => clinic.Findings(f => f.Close(finding.Id, " ")));
        await clinic.Findings(f => f.Close(finding.Id, "Phoned at 03:10, brother is with the patient, safety plan renewed."));
        Assert.Empty(await clinic.OnCall(o => o.Open()));
        await Refused.With("finding_closed", () => clinic.OnCall(o => o.TakeOn(finding.Id)), RefusalKind.Conflict);
        clinic.Time.Advance(TimeSpan.FromDays(3));
        await Round(clinic);
        Assert.Equal(3, (await Mails(clinic)).Count); // closed: no more calls
    }

    [Fact]
    public async Task A_first_positive_answer_calls_at_once_only_while_nobody_watches()
    {
        await using var clinic = await Open(); // Monday, 10:00 in Berlin
        var patient = await clinic.AddPatient();
        await clinic.FollowUps(f => f.Record(patient.Id, Answers.One("PHQ-9", 9, 1)), Self(patient));
        Assert.Empty(await Mails(clinic));
        clinic.Time.SetUtcNow(new DateTimeOffset(2026, 3, 7, 10, 0, 0, TimeSpan.Zero)); // Saturday
        await clinic.FollowUps(f => f.Record(patient.Id, Answers.One("PHQ-9", 9, 1)), Self(patient));
        Assert.Single(await Mails(clinic));
    }

    [Fact]
    public async Task Where_nobody_on_call_can_be_told_that_is_a_finding_of_its_own()
    {
        await using var clinic = await Open(onCall: "");
        clinic.Time.SetUtcNow(new DateTimeOffset(2026, 3, 7, 2, 0, 0, TimeSpan.Zero));
        var patient = await clinic.AddPatient();
        var findings = (await clinic.FollowUps(f => f.Record(patient.Id, Answers.One("ASQ", 1, 1)), Self(patient))).Findings;
        Assert.Equal(["SUI-05", "SUI-09"], findings.Select(f => f.RuleId).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Empty(await Mails(clinic));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Check_ins_missed_in_a_row_are_one_finding_due_on_the_next_working_day(Store store)
    {
        await using var clinic = await Open(store);
        var (patient, _, visits) = await clinic.AddCourse();
        var account = await clinic.As(clinic.Lead, async (db, lead) =>
        {
            var self = new Account { UserName = "birch", DisplayName = "M. Birch", Email = "birch@example.org" };
            db.Users.Add(self);
            await db.SaveChangesAsync(TestClinic.Cancel);
            await new PatientRegister(db, clinic.Time, lead).LinkAccount(patient.Id, self.Id, TestClinic.Cancel);
            return self;
        });
        await clinic.Start(visits[0].Id);
        clinic.Time.Advance(TimeSpan.FromMinutes(30));
        await clinic.Append(visits[0].Id, new InfusionStopped("asked to stop"));
        for (var hour = 0; hour < 24 * 9; hour += 3)
        {
            clinic.Time.Advance(TimeSpan.FromHours(3));
            await Round(clinic);
        }

        var open = (await clinic.Findings(f => f.Open())).Where(o => o.Finding.Priority is null).ToList(); // nobody reads at the chair either
        Assert.Equal(["FUP-01", "FUP-04"], open.Select(o => o.Finding.RuleId).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        var missed = open.Single(o => string.Equals(o.Finding.RuleId, "FUP-04", StringComparison.Ordinal)).Finding;
        Assert.Equal(ClinicRole.Nurse, missed.Owner);
        var due = TimeZoneInfo.ConvertTime(missed.DueAt, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        Assert.True(due.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday));
        Assert.Equal(17, due.Hour);

        var reminders = (await Mails(clinic)).Where(m => m.Kind == MailKind.Reminder).ToList();
        Assert.NotEmpty(reminders);
        Assert.Equal(reminders.Count, reminders.Select(m => m.Occurrence).Distinct(StringComparer.Ordinal).Count());
        Assert.All(reminders, m =>
        {
            Assert.Equal(account.Email, m.To);
            Assert.Equal("A short reminder", m.Subject);
            Assert.DoesNotContain("ketamin", m.Text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Birch", m.Text, StringComparison.OrdinalIgnoreCase);
            var local = TimeZoneInfo.ConvertTime(m.CreatedAt, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
            Assert.InRange(local.Hour, 8, 19);
        });
    }

    [Fact]
    public void Every_route_leads_from_a_rule_of_the_book_to_somebody_by_some_time() => Assert.All(FindingRule.All, route =>
    {
        var rule = RuleBook.Get(route.Id);
        Assert.True(route.DueMinutes > 0, route.Id);
        Assert.True(route.Owner is ClinicRole.Lead or ClinicRole.Nurse, route.Id);
        Assert.True((route.Advice ?? string.Join("; ", rule.Options)).Length > 0, route.Id);
        Assert.All(route.Covers ?? [], covered => Assert.True(RuleBook.Has(covered), covered));
        Assert.True(route.EscalateMinutes is null || route.EscalateMinutes > 0, route.Id);
    });

    private static Task<RoundResult> Round(TestClinic clinic) => clinic.As(clinic.Lead, (db, _) => new FollowUpRound(db, clinic.Time).Run(TestClinic.Cancel));

    private static Task<List<OutgoingMail>> Mails(TestClinic clinic) => clinic.As(clinic.Lead, (db, _) => db.Mails.AsNoTracking().OrderBy(m => m.CreatedAt).ToListAsync(TestClinic.Cancel));
}
