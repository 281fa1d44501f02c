using System.Collections.Immutable;
using Euthymia.Clinic.Rules;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests.Referrals;

/// <summary>The intake: sections saved one by one, resumed, amended with their history, and refused where a value cannot be.</summary>
public sealed class IntakeTests
{
    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_section_is_saved_resumed_and_amended_and_every_version_is_kept_with_who_and_when(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await clinic.AddPatient();
        await clinic.Intakes(i => i.Save(patient.Id, "mind", 0, Values(("psychosis", "no"))));
        clinic.Time.Advance(TimeSpan.FromHours(2));
        await clinic.Intakes(i => i.Save(patient.Id, "mind", 1, Values(("psychosis", "no"), ("currentMania", "yes"))), clinic.Lead);

        var intake = await clinic.Intakes(i => i.Of(patient.Id));
        Assert.Equal([(1, "Nurse Hazel"), (2, "Dr. Rowan")], intake.Versions.Select(v => (v.Version, v.RecordedByName)));
        Assert.Equal(TimeSpan.FromHours(2), intake.Versions[1].RecordedAt - intake.Versions[0].RecordedAt);
        Assert.Null(intake.Versions[0].Answers.YesNo("currentMania")); // the earlier version is as it was
        Assert.True(intake.Answers.YesNo("currentMania"));
        Assert.Null(intake.Answers.YesNo("pastMania"));
        Assert.Equal((2, 6), intake.Progress(IntakeQuestions.Current["mind"]));
        var kinds = await clinic.As(clinic.Lead, (db, _) => db.Audit.Where(a => a.PatientId == patient.Id).Select(a => a.Kind).ToListAsync(TestClinic.Cancel));
        Assert.Equal(2, kinds.Count(k => k is AuditKind.IntakeRecorded));
        Assert.Contains(kinds, k => k is AuditKind.IntakeRead);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Of_two_who_change_one_version_the_second_is_told_who_was_first(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await clinic.AddPatient();
        await clinic.Intakes(i => i.Save(patient.Id, "mind", 0, Values(("psychosis", "no"))), clinic.Lead);
        var refusal = await Refused.With("changed_by_another", () => clinic.Intakes(i => i.Save(patient.Id, "mind", 0, Values(("psychosis", "yes")))), RefusalKind.Conflict);
        Assert.Contains("Dr. Rowan", refusal.Message, StringComparison.Ordinal);

        var both = new[] { "yes", "no" }.Select(answer => clinic.Intakes(i => i.Save(patient.Id, "mind", 1, Values(("psychosis", answer), ("pastMania", "no"))))).ToList();
        await Assert.ThrowsAsync<ClinicRuleException>(() => Task.WhenAll(both));
        Assert.Equal(1, both.Count(t => t.IsCompletedSuccessfully));
        Assert.Equal(2, (await clinic.Intakes(i => i.Of(patient.Id))).Versions.Count);
    }

    [Fact]
    public async Task Saving_what_is_stored_adds_no_version_and_an_answer_can_go_back_to_not_assessed()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        await Refused.With("section_empty", () => clinic.Intakes(i => i.Save(patient.Id, "mind", 0, Values())));
        var first = await clinic.Intakes(i => i.Save(patient.Id, "mind", 0, Values(("psychosis", "no"))));
        Assert.Equal(first.Id, (await clinic.Intakes(i => i.Save(patient.Id, "mind", 1, Values(("psychosis", "no"))))).Id);
        await clinic.Intakes(i => i.Save(patient.Id, "mind", 1, Values()));
        Assert.Null((await clinic.Intakes(i => i.Of(patient.Id))).Answers.YesNo("psychosis"));
    }

    [Theory]
    [InlineData("mind", "psychosis", "perhaps", "answer_unknown")]
    [InlineData("plan", "plannedDose", "0,5", "number_format")]
    [InlineData("plan", "plannedDose", "2.1", "out_of_range")]
    [InlineData("plan", "plannedInfusions", "6.5", "number_format")]
    [InlineData("plan", "phase", "Forever", "answer_unknown")]
    [InlineData("tests", "liverTestsOn", "2026-03-03", "date_in_future")]
    [InlineData("tests", "liverTestsOn", "1979-01-01", "date_before_birth")]
    [InlineData("tests", "liverTestsOn", "yesterday", "date_format")]
    [InlineData("plan", "reviewOn", "2036-01-01", "date_too_far")]
    [InlineData("mind", "shoeSize", "43", "question_unknown")]
    public async Task A_value_that_cannot_be_is_refused_and_nothing_is_stored(string section, string question, string value, string code)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        await Refused.With(code, () => clinic.Intakes(i => i.Save(patient.Id, section, 0, Values((question, value)))), RefusalKind.Invalid);
        Assert.Empty((await clinic.Intakes(i => i.Of(patient.Id))).Versions);
    }

    [Fact]
    public async Task Tables_are_checked_line_by_line()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        Task Save(string section, IntakeAnswers answers) => clinic.Intakes(i => i.Save(patient.Id, section, 0, answers));
        await Refused.With("drug_unknown", () => Save("trials", new() { Trials = [new PriorTrial("N05BA01", 10, 8, true, TrialOutcome.NoResponse)] })); // no antidepressant
        await Refused.With("dose_range", () => Save("trials", new() { Trials = [new PriorTrial("N06AB10", 0, 8, true, TrialOutcome.NoResponse)] }));
        await Refused.With("pressure_range", () => Save("heart", new() { Pressures = [new PressureReading(78, 122)] }));
        await Refused.With("drug_unknown", () => Save("medication", new() { Medication = [new TakenDrug(null, " ", null)] }));
        await Refused.With("question_unknown", () => Save("heart", new() { Medication = [] }));
    }

    [Fact]
    public async Task A_patient_may_neither_read_nor_write_the_intake()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        var self = new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, patient.Id);
        await Refused.With("forbidden", () => clinic.Intakes(i => i.Of(patient.Id), self), RefusalKind.Forbidden);
        await Refused.With("forbidden", () => clinic.Intakes(i => i.Save(patient.Id, "mind", 0, Values(("psychosis", "no"))), self), RefusalKind.Forbidden);
        await Refused.With("forbidden", () => clinic.Eligibility(e => e.Decide(patient.Id, ReviewerDecision.Approve, null), self), RefusalKind.Forbidden);
    }

    [Theory]
    [InlineData(150, 6, true, TrialOutcome.NoResponse, true)]
    [InlineData(149, 6, true, TrialOutcome.NoResponse, false)]
    [InlineData(150, 5, true, TrialOutcome.NoResponse, false)]
    [InlineData(225, 12, true, TrialOutcome.PartialResponse, true)]
    [InlineData(225, 12, true, TrialOutcome.Response, false)]
    [InlineData(225, 12, false, TrialOutcome.NoResponse, false)]
    [InlineData(225, 12, null, TrialOutcome.NoResponse, null)]
    [InlineData(225, null, true, TrialOutcome.NoResponse, null)]
    [InlineData(null, 12, true, TrialOutcome.NoResponse, null)]
    [InlineData(225, 12, true, TrialOutcome.NotAssessed, null)]
    public void A_trial_of_venlafaxine_counts_by_dose_weeks_episode_and_outcome(int? dose, int? weeks, bool? inThisEpisode, TrialOutcome outcome, bool? counts) =>
        Assert.Equal(counts, new PriorTrial("N06AX16", dose, weeks, inThisEpisode, outcome).CountsForResistance);

    [Fact]
    public void Benzodiazepines_are_added_up_as_diazepam_and_a_missing_dose_is_not_zero()
    {
        var sum = DiazepamEquivalent.Of([new TakenDrug("N05BA06", null, 1), new TakenDrug("N05BA01", null, 2.5m), new TakenDrug("N06AB06", null, 100)]);
        Assert.Equal(12.5m, sum!.MilligramsPerDay);
        Assert.Equal("Lorazepam 1 mg × 10 = 10 mg of diazepam a day", sum.Working[0]);
        Assert.Equal(0, DiazepamEquivalent.Of([])!.MilligramsPerDay);
        Assert.Null(DiazepamEquivalent.Of(null));
        Assert.Null(DiazepamEquivalent.Of([new TakenDrug("N05BA06", null, null)]));
        Assert.Null(DiazepamEquivalent.Of([new TakenDrug(null, "bromazepam", 6, CoMedication.Benzodiazepine)]));
    }

    [Fact]
    public void Every_question_has_its_own_id_and_names_only_rules_of_the_book()
    {
        var questions = IntakeQuestions.Current.All.ToList();
        Assert.Equal(questions.Count, questions.Select(q => q.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(questions.SelectMany(q => q.Rules ?? []), id => Assert.True(RuleBook.Has(id), id));
        Assert.All(questions.Where(q => q.Kind == IntakeKind.Choice), q => Assert.NotEmpty(q.Choices!));
        Assert.Equal(DrugCatalogue.Current.Drugs.Count, DrugCatalogue.Current.Drugs.Select(d => d.Code).Distinct(StringComparer.Ordinal).Count());
    }

    internal static IntakeAnswers Values(params (string Question, string Value)[] values) =>
        new() { Values = values.ToImmutableSortedDictionary(v => v.Question, v => v.Value, StringComparer.Ordinal) };
}
