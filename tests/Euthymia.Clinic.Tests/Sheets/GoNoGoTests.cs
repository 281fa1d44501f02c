using Euthymia.Clinic.Rules;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests.Sheets;

/// <summary>The go / no-go sheet: what holds up a start, who may go on, and what the rules see.</summary>
public sealed class GoNoGoTests
{
    private static Task<BeforeView> Sheet(TestClinic clinic, Guid visit) => clinic.Visits(v => v.Before(visit));

    private static Task<int> SignAll(TestClinic clinic) =>
        clinic.As(clinic.Lead, (db, a) => new RuleSignatures(db, clinic.Time, a).Sign([.. RuleBook.All.Where(r => r.MustBeSigned).Select(r => r.Id)]));

    private static async Task SetCap(TestClinic clinic, decimal? cap)
    {
        await using var db = clinic.Db();
        var settings = await new ClinicOffice(db).Settings();
        settings.DoseCapMilligrams = cap;
        await new ClinicOffice(db).Save(settings, clinic.Lead);
    }

    [Fact]
    public async Task An_empty_sheet_says_not_assessed_and_lets_nobody_start()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var sheet = (await Sheet(clinic, visits[0].Id)).Sheet;
        Assert.False(sheet.MayStart);
        foreach (var id in new[] { "PRE-01", "PRE-02a", "PRE-05", "PRE-08", "PRE-09", "PRE-11", "PRE-12", "PRE-19", "PRE-20", "DOS-15", "DOS-16", "DOS-17", "DOS-19", "CON-01" })
            Assert.True(sheet[id] is { Blocks: true, Result.Outcome: RuleOutcome.NotAssessed }, id);
        Assert.All(sheet.Lines, l => Assert.False(string.IsNullOrWhiteSpace(l.Result.Rule.Source)));
        await Refused.With("weight_missing", () => clinic.Visits(v => v.Start(visits[0].Id, Guid.CreateVersion7(), new(45.75m))));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_filled_sheet_lets_the_infusion_start_with_every_rule_signed(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        await SignAll(clinic);
        await SetCap(clinic, 100);
        var (_, _, visits) = await clinic.AddCourse();
        await clinic.Prepare(visits[0].Id);
        var sheet = (await Sheet(clinic, visits[0].Id)).Sheet;
        Assert.True(sheet.MayStart, string.Join(", ", sheet.Blocking.Select(l => l.Result.Message)));
        Assert.Equal(VisitPhase.Running, (await clinic.Start(visits[0].Id)).State.Phase);
    }

    public static TheoryData<string, BeforeAnswers> Missing()
    {
        var all = GoNoGoAnswers.AllWell(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        return new TheoryData<string, BeforeAnswers>
        {
            { "pre_01", all with { NameConfirmed = null, BirthDateConfirmed = null } },
            { "pre_01", all with { BirthDateConfirmed = false } },
            { "con_01", all with { ConsentSigned = null } },
            { "con_01", all with { AgreesToday = false } },
            { "pre_09", all with { EscortConfirmedByPhone = null } },
            { "pre_09", all with { EscortConfirmedByPhone = false } },
            { "pre_08", all with { LastSolidsAt = null } },
            { "pre_08", all with { LastFluidsAt = all.LastFluidsAt!.Value.AddMinutes(90) } },
            { "pre_11", all with { Alcohol = null } },
            { "pre_11", all with { Alcohol = Intake.Yes, LastAlcoholAt = all.LastSolidsAt!.Value } },
            { "pre_12", all with { RecreationalDrug = null } },
            { "pre_12", all with { RecreationalDrug = true } },
            { "pre_10", all with { CouldBePregnant = true } },
            { "pre_10", all with { CouldBePregnant = true, PregnancyTest = PregnancyTest.Positive, PregnancyTestAt = all.LastSolidsAt } },
            { "pre_17", all with { SuicideScreen = null } },
            { "pre_18", all with { AnyChange = null } },
            { "pre_18", all with { AnyChange = true, Changes = "new: passing water hurts" } },
            { "pre_19", all with { EmergencyEquipment = null } },
            { "pre_19", all with { EmergencyEquipment = false } },
            { "pre_20", all with { LifeSupportClinician = null } },
            { "pre_24", all with { AlarmSoundHeard = null } },
            { "pre_24", all with { AlarmSoundHeard = false } },
        };
    }

    [Theory, MemberData(nameof(Missing))]
    public async Task Each_unmet_or_unasked_line_holds_up_the_start(string code, BeforeAnswers answers)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        await SignAll(clinic);
        await SetCap(clinic, 100);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.FollowUps(f => f.RecordPhq9(visits[0].PatientId, new Phq9Form(Guid.CreateVersion7(), [2, 2, 2, 2, 2, 2, 2, 2, 0])));
        await clinic.Append(visit, new CheckedBefore(answers));
        await clinic.Append(visit, new Observed(PreparedVisit.Rest));
        await clinic.Append(visit, new Weighed(61));
        if (code is "pre_09")
        {
            await Refused.With("escort_missing", () => clinic.Append(visit, PreparedVisit.Vial(new DateOnly(2026, 3, 2))));
            return;
        }

        await clinic.Append(visit, PreparedVisit.Vial(new DateOnly(2026, 3, 2)));
        await clinic.Append(visit, PreparedVisit.Pump);
        await clinic.ByLead(visit, PreparedVisit.Pump);
        var refusal = await Refused.With($"stop_{code}", () => clinic.Visits(v => v.Start(visit, Guid.CreateVersion7(), new(45.75m))));
        Assert.Single(refusal.Errors);
    }

    [Theory]
    [InlineData(141, 80, "PRE-03", false)]
    [InlineData(181, 80, "PRE-05", true)]
    [InlineData(140, 90, null, false)]
    public async Task A_pressure_is_judged_on_its_recheck(int systolic, int diastolic, string? fires, bool stops)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        await clinic.Append(visits[0].Id, new Observed(new Readings(systolic, diastolic, 66, 98)));
        var sheet = (await Sheet(clinic, visits[0].Id)).Sheet;
        foreach (var id in new[] { "PRE-03", "PRE-05" })
            Assert.Equal(string.Equals(id, fires, StringComparison.Ordinal) || (id is "PRE-03" && stops), sheet[id]!.Result.Outcome == RuleOutcome.Fired);
        Assert.Equal(stops, sheet["PRE-05"]!.Blocks);
        clinic.Time.Advance(TimeSpan.FromMinutes(10));
        await clinic.Append(visits[0].Id, new Observed(new Readings(130, 80, 66, 98)));
        Assert.Equal(RuleOutcome.Clear, (await Sheet(clinic, visits[0].Id)).Sheet["PRE-05"]!.Result.Outcome);
        clinic.Time.Advance(TimeSpan.FromMinutes(61)); // no baseline any more: an old reading is not the patient's state
        Assert.Equal(RuleOutcome.NotAssessed, (await Sheet(clinic, visits[0].Id)).Sheet["PRE-05"]!.Result.Outcome);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_named_clinician_goes_on_with_a_reason_until_what_was_found_changes(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (patient, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Prepare(visit);
        var now = clinic.Time.GetUtcNow();
        await clinic.Append(visit, new CheckedBefore(new BeforeAnswers { LastSolidsAt = now.AddHours(-4) }));
        var line = (await Sheet(clinic, visit)).Sheet["PRE-08"]!;
        Assert.True(line is { Blocks: true, MayOverride: true });
        var lift = new StopOverridden("PRE-08", line.Result.Version, line.Found, "Toast four hours ago, accepted");
        await Refused.With("required", () => clinic.Append(visit, lift with { Reason = " " }));
        await Refused.With("found_changed", () => clinic.Append(visit, lift with { Found = "something else" }), RefusalKind.Conflict);
        await Refused.With("found_changed", () => clinic.Append(visit, lift with { RuleVersion = "0" }), RefusalKind.Conflict);
        await Refused.With("not_a_stop", () => clinic.Append(visit, lift with { RuleId = "PRE-12" }));
        var stored = await clinic.Append(visit, lift);
        var sheet = (await Sheet(clinic, visit)).Sheet;
        Assert.True(sheet.MayStart);
        Assert.Equal("Nurse Hazel", sheet["PRE-08"]!.OverriddenBy!.Event.AuthorName);

        await clinic.Append(visit, new CheckedBefore(new BeforeAnswers { LastSolidsAt = now.AddHours(-1) }));
        Assert.True((await Sheet(clinic, visit)).Sheet["PRE-08"]!.Blocks);

        var listed = Assert.Single(await clinic.Visits(v => v.Overrides(now.AddDays(-1)), clinic.Lead));
        Assert.Equal(("PRE-08", "Nurse Hazel", "Toast four hours ago, accepted", patient.FullName), (listed.Override.RuleIds, listed.Override.ByName, listed.Override.Reason, listed.PatientName));
        await Refused.With("forbidden", () => clinic.Visits(v => v.Overrides(now)), RefusalKind.Forbidden);
        await clinic.Append(visit, new Amended(stored.Event.Id, null, null, "wrong patient"));
        Assert.NotNull(Assert.Single(await clinic.Visits(v => v.Overrides(now.AddDays(-1)), clinic.Lead)).Override.WithdrawnAt);
    }

    [Theory]
    [InlineData("PRE-01")]
    [InlineData("DOS-15")]
    [InlineData("DOS-17")]
    [InlineData("PRE-02a")] // without any weight there is no dose to go on with
    public async Task Nobody_overrides_an_absolute_stop(string rule)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var line = (await Sheet(clinic, visits[0].Id)).Sheet[rule]!;
        Assert.True(line is { Blocks: true, MayOverride: false });
        await Refused.With("absolute_stop", () => clinic.ByLead(visits[0].Id, new StopOverridden(rule, line.Result.Version, line.Found, "I want to")));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task An_assumed_rule_acts_only_while_the_director_has_signed_its_present_version(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        Task<RuleSettings> Settings() => clinic.As(clinic.Lead, (db, _) => ClinicRules.Settings(db));
        Task<int> Do(Func<RuleSignatures, Task<int>> act, Actor? who = null) => clinic.As(who ?? clinic.Lead, (db, a) => act(new RuleSignatures(db, clinic.Time, a)));
        var rule = RuleBook.Get("PRE-17");
        Assert.False((await Settings()).Acts(rule));
        await Refused.With("forbidden", () => Do(s => s.Sign(["PRE-17"]), clinic.Nurse), RefusalKind.Forbidden);
        await Refused.With("rule_unknown", () => Do(s => s.Sign(["PRE-99"])));
        await Refused.With("rule_unknown", () => Do(s => s.Sign(["PRE-01"]))); // acts anyway
        await Refused.With("required", () => Do(s => s.Sign([])));
        Assert.Equal(1, await Do(s => s.Sign(["PRE-17", "PRE-17"])));
        Assert.Equal(0, await Do(s => s.Sign(["PRE-17"])));
        var signed = await Settings();
        Assert.True(signed.Acts(rule));
        Assert.Equal(("Dr. Rowan", clinic.Time.GetUtcNow()), (signed.Signatures["PRE-17"].Director, signed.Signatures["PRE-17"].SignedAt));
        Assert.Equal(1, await Do(s => s.Withdraw(["PRE-17"])));
        Assert.False((await Settings()).Acts(rule));
        await using var db = clinic.Db();
        db.SignedRules.Add(new SignedRule { RuleId = "PRE-17", RuleVersion = rule.Version + 1, IsSigned = true, SignedByName = "Dr. Rowan", SignedAt = clinic.Time.GetUtcNow() });
        await db.SaveChangesAsync(TestClinic.Cancel);
        Assert.False((await Settings()).Acts(rule)); // another version was read
    }

    [Fact]
    public async Task A_signed_cap_rule_asks_for_a_cap_and_holds_to_it()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        await clinic.As(clinic.Lead, (db, a) => new RuleSignatures(db, clinic.Time, a).Sign(["DOS-05"]));
        var (_, _, visits) = await clinic.AddCourse();
        await clinic.Prepare(visits[0].Id);
        Assert.Equal(RuleOutcome.NotAssessed, (await Sheet(clinic, visits[0].Id)).Sheet["DOS-05"]!.Result.Outcome);
        await SetCap(clinic, 30.5m);
        Assert.Equal(RuleOutcome.Clear, (await Sheet(clinic, visits[0].Id)).Sheet["DOS-05"]!.Result.Outcome);
        await SetCap(clinic, 30.4m);
        await Refused.With("stop_dos_05", () => clinic.Start(visits[0].Id));
    }

    [Theory]
    [InlineData(64.05, null)] // 5 % more than 61 kg
    [InlineData(57.95, null)]
    [InlineData(64.06, "weight_changed")]
    [InlineData(57.94, "weight_changed")]
    [InlineData(134.5, "weight_looks_like_pounds")]
    [InlineData(27.7, "weight_looks_like_pounds")]
    public async Task A_weight_that_jumps_or_looks_like_pounds_is_questioned(double kilograms, string? code)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var weighed = new Weighed((decimal)kilograms);
        if (code is null)
            Assert.Equal(weighed.Weight, (await clinic.Append(visits[0].Id, weighed)).State.Sheets.Weight);
        else
            await Refused.With(code, () => clinic.Append(visits[0].Id, weighed), RefusalKind.NeedsConfirmation);
    }

    [Fact]
    public async Task A_confirmed_mix_up_of_pounds_still_lets_nobody_start()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        await Refused.With("weight_range", () => clinic.Append(visits[0].Id, new Weighed(24.9m, Confirmed: true)));
        await clinic.Append(visits[0].Id, new Weighed(134.5m, Confirmed: true));
        Assert.True((await Sheet(clinic, visits[0].Id)).Sheet["DOS-17"] is { Blocks: true, MayOverride: false });
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Todays_weight_goes_into_the_record_and_its_correction_replaces_it_there(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (patient, _, visits) = await clinic.AddCourse();
        async Task<decimal[]> Recorded() => [.. (await clinic.Patients(p => p.Get(patient.Id))).Weights.Select(w => w.Weight.Value).Order()];
        var weighed = await clinic.Append(visits[0].Id, new Weighed(62));
        Assert.Equal([61m, 62m], await Recorded());
        await clinic.Append(visits[0].Id, new Amended(weighed.Event.Id, new Weighed(60), null, "read wrong"));
        Assert.Equal([60m, 61m], await Recorded());
        var state = (await clinic.Append(visits[0].Id, new Amended(weighed.Event.Id, new Weighed(63), null, "read wrong again"))).State;
        Assert.Equal([61m, 63m], await Recorded());
        Assert.Equal(63, state.Sheets.Weight!.Value.Value);
        Assert.Equal(62, ((Weighed)state.Log.Single(l => l.Event.Id == weighed.Event.Id).Event.Entry).Kilograms);
        state = (await clinic.Append(visits[0].Id, new Amended(weighed.Event.Id, null, null, "scale was broken"))).State;
        Assert.Equal([61m], await Recorded());
        Assert.Null(state.Sheets.Weight);
    }

    [Fact]
    public async Task Answers_add_up_field_by_field_and_stop_counting_at_the_start()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await Refused.With("sheet_empty", () => clinic.Append(visit, new CheckedBefore(new BeforeAnswers())));
        await Refused.With("required", () => clinic.Append(visit, new CheckedBefore(new BeforeAnswers { Alcohol = Intake.Yes })));
        await Refused.With("required", () => clinic.Append(visit, new CheckedBefore(new BeforeAnswers { EscortConfirmedByPhone = true })));
        await Refused.With("required", () => clinic.Append(visit, new CheckedBefore(new BeforeAnswers { PregnancyTest = PregnancyTest.Negative })));
        await Refused.With("required", () => clinic.Append(visit, new CheckedBefore(new BeforeAnswers { AnyChange = true })));
        await clinic.Append(visit, new CheckedBefore(new BeforeAnswers { NameConfirmed = true, EscortName = "A" }));
        var state = (await clinic.ByLead(visit, new CheckedBefore(new BeforeAnswers { BirthDateConfirmed = true, EscortName = "B" }))).State;
        Assert.Equal((true, true, "B"), (state.Sheets.Before.NameConfirmed, state.Sheets.Before.BirthDateConfirmed, state.Sheets.Before.EscortName));
        Assert.Equal("Dr. Rowan", state.Sheets.AnsweredBefore(a => a.EscortName)!.Event.AuthorName);
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(1));
        await Refused.With("already_started", () => clinic.Append(visit, new CheckedBefore(new BeforeAnswers { AnyChange = false })));
        await Refused.With("already_started", () => clinic.Append(visit, new Weighed(61)));
        var late = clinic.Time.GetUtcNow().AddMinutes(-2); // written on a device before the start, delivered after it
        Assert.True((await clinic.Append(visit, new CheckedBefore(new BeforeAnswers { ClinicNumberConfirmed = true }), late)).State.Sheets.Before.ClinicNumberConfirmed);
    }

    [Fact]
    public async Task The_sheet_of_a_started_visit_shows_what_was_known_at_its_start()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        await clinic.Start(visits[0].Id);
        clinic.Time.Advance(TimeSpan.FromDays(2));
        Assert.True((await Sheet(clinic, visits[0].Id)).Sheet.MayStart);
    }

    [Fact]
    public void Moments_of_the_rule_engine_are_told_on_the_clinics_clock() =>
        Assert.Equal("fired: last solids at 2026-03-02 10:00, 5 mg", new ClinicSettings { TimeZone = "Europe/Berlin" }.OnClinicsClock("fired: last solids at 2026-03-02 09:00:00Z, 5 mg"));

    [Fact]
    public void What_an_answer_adds_is_found_and_put_back_together()
    {
        var known = GoNoGoAnswers.AllWell(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        var later = known with { Alcohol = Intake.Yes, LastAlcoholAt = known.LastFluidsAt, AnyChange = true, Changes = "cough", EscortName = "S. Oak" };
        var added = later.NewSince(known);
        Assert.Equal(later, known.With(added));
        Assert.Null(added.NameConfirmed);
        Assert.True(known.NewSince(known).IsEmpty);
        Assert.Equal(known, new BeforeAnswers().With(known));
    }

    [Fact]
    public async Task A_nurse_who_watches_three_gets_a_warning_at_the_fourth()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        await clinic.As(clinic.Lead, (db, a) => new RuleSignatures(db, clinic.Time, a).Sign(["PRE-21"]));
        for (var i = 0; i < 4; i++)
        {
            var (_, _, visits) = await clinic.AddCourse($"W-{i}", i % 2 == 0 ? "Chair 1" : "Chair 2");
            await clinic.Prepare(visits[0].Id);
            var line = (await Sheet(clinic, visits[0].Id)).Sheet["PRE-21"]!;
            Assert.Equal(i == 3 ? RuleOutcome.Fired : RuleOutcome.Clear, line.Result.Outcome);
            Assert.False(line.Blocks);
            if (i < 3)
                await clinic.Start(visits[0].Id);
            clinic.Time.Advance(TimeSpan.FromMinutes(1));
            await using var db = clinic.Db();
            await db.Visits.Where(v => v.Id == visits[0].Id).ExecuteUpdateAsync(v => v.SetProperty(x => x.ScheduledAt, clinic.Time.GetUtcNow().AddDays(-1).AddMinutes(i)), TestClinic.Cancel);
            await db.Visits.Where(v => v.RunningPatientId == null && v.PatientId == visits[0].PatientId).ExecuteUpdateAsync(v => v.SetProperty(x => x.Chair, $"free {i}"), TestClinic.Cancel);
        }
    }
}
