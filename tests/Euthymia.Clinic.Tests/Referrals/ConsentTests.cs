using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic.Tests.Referrals;

/// <summary>Consent: what has to be explained, who signs what, to which course it belongs, and when it has to be asked for again.</summary>
public sealed class ConsentTests
{
    /// <summary>Everything explained, both signatures with their meaning, the text gone through together.</summary>
    internal static ConsentEntry Whole => new(
        ConsentEvent.Signed, CourseId: null, Enum.GetValues<ConsentClause>(), ConsentForm.Current.Version, "M. Birch", PatientMeans: true, ClinicianMeans: true, TextGoneThrough: true);

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_signature_keeps_names_time_meaning_and_the_words_that_were_signed(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await clinic.AddPatient();
        await clinic.Consents(c => c.Record(patient.Id, Whole with { Note = "Asked about driving." }));
        var view = await clinic.Consents(c => c.Of(patient.Id));
        var signed = Assert.Single(view.Records);
        Assert.Equal(("M. Birch", "Dr. Rowan", 1), (signed.PatientName, signed.ClinicianName, signed.FormVersion));
        Assert.Equal(clinic.Time.GetUtcNow(), signed.SignedAt);
        Assert.Equal(ConsentForm.Current.PatientMeaning, signed.PatientMeaning);
        Assert.Contains("off label", signed.FormText, StringComparison.Ordinal);
        Assert.Equal(Enum.GetValues<ConsentClause>(), signed.Explained);
        Assert.All(view.Report.Results, r => Assert.NotEqual(RuleOutcome.Fired, r.Outcome));
    }

    [Fact]
    public async Task Nothing_is_signed_while_a_clause_a_name_a_meaning_or_the_text_is_missing()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        Task Sign(ConsentEntry entry) => clinic.Consents(c => c.Record(patient.Id, entry));
        var refusal = await Refused.With("clause_missing", () => Sign(Whole with { Explained = [.. Enum.GetValues<ConsentClause>().Except([ConsentClause.Bladder])] }));
        Assert.Contains("bladder", refusal.Message, StringComparison.Ordinal);
        await Refused.With("required", () => Sign(Whole with { PatientName = " " }));
        await Refused.With("meaning_missing", () => Sign(Whole with { PatientMeans = false }));
        await Refused.With("meaning_missing", () => Sign(Whole with { ClinicianMeans = false }));
        await Refused.With("text_not_read", () => Sign(Whole with { TextGoneThrough = false }));
        await Refused.With("form_changed", () => Sign(Whole with { FormVersion = 0 }));
        await Refused.With("date_in_future", () => Sign(Whole with { SignedAt = clinic.Time.GetUtcNow().AddDays(1) }));
        await Refused.With("course_unknown", () => Sign(Whole with { CourseId = Guid.NewGuid() }));
        await Refused.With("nothing_signed", () => Sign(Whole with { Event = ConsentEvent.Withdrawn, Note = "No more" }));
        await Refused.With("required", () => Sign(Whole with { Event = ConsentEvent.Declined }));
        Assert.Empty((await clinic.Consents(c => c.Of(patient.Id))).Records);
    }

    [Fact]
    public async Task The_patients_own_read_and_understood_counts_and_is_kept_with_the_consent()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        var self = new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, patient.Id);
        var read = await clinic.As(self, (db, a) => new ReadDocuments(db, clinic.Time, a).Understood(patient.Id, EducationText.Current.Id, EducationText.Current.Version));
        var signed = await clinic.Consents(c => c.Record(patient.Id, Whole with { TextGoneThrough = false }));
        Assert.Equal(read.Id, signed.ReadDocumentId);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task It_belongs_to_one_course_holds_at_the_chair_and_ends_when_it_is_withdrawn(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await clinic.AddPatient();
        await clinic.Consents(c => c.Record(patient.Id, Whole)); // for the course ordered next
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        await clinic.Admit(patient.Id);
        var course = await clinic.Courses(c => c.Save(patient.Id, new OrderForm()));
        var visit = (await clinic.Visits(v => v.Schedule(course.Id, new TimeOnly(10, 0), "Chair 1")))[0].Id;
        await clinic.Append(visit, new CheckedBefore(new BeforeAnswers { AgreesToday = true })); // nobody ticks "signed": the record has it
        async Task<RuleOutcome> Con01() => (await clinic.Visits(v => v.Before(visit))).Sheet["CON-01"]!.Result.Outcome;
        Assert.Equal(RuleOutcome.Clear, await Con01());

        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        await clinic.Consents(c => c.Record(patient.Id, Whole with { Event = ConsentEvent.Withdrawn, CourseId = course.Id, Note = "Does not want it any more." }));
        await clinic.Append(visit, new CheckedBefore(new BeforeAnswers { ConsentSigned = true }));
        Assert.Equal(RuleOutcome.Fired, await Con01()); // a tick does not undo a withdrawal

        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        await clinic.Consents(c => c.Record(patient.Id, Whole with { CourseId = course.Id }));
        Assert.Equal(RuleOutcome.Clear, await Con01());
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        await clinic.Courses(c => c.Save(patient.Id, new OrderForm { FirstDay = new DateOnly(2026, 5, 4) }));
        Assert.Null((await clinic.Consents(c => c.Of(patient.Id))).Holding); // the next course has none yet
    }

    [Theory]
    [InlineData(183, RuleOutcome.Clear)]
    [InlineData(184, RuleOutcome.Fired)]
    public async Task In_maintenance_an_old_consent_is_asked_for_again(int days, RuleOutcome expected)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        await clinic.Intakes(i => i.Save(patient.Id, "plan", 0, IntakeTests.Values(("phase", "Maintenance"))));
        await clinic.Consents(c => c.Record(patient.Id, Whole));
        clinic.Time.Advance(TimeSpan.FromDays(days));
        Assert.Equal(expected, (await clinic.Consents(c => c.Of(patient.Id))).Report["CON-03"].Outcome);
    }
}
