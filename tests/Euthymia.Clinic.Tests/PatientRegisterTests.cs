using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests;

public sealed class PatientRegisterTests
{
    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_patient_is_stored_as_entered(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var form = TestClinic.Form() with
        {
            GivenName = "<script>alert(1)</script>",
            NationalId = "AB 12",
            Allergies = RecordedList.NoneKnown,
            Medication = RecordedList.Of("lithium 600 mg", "  "),
        };
        var added = await clinic.Patients(p => p.Add(form));
        var read = await clinic.Patients(p => p.Get(added.Id));
        Assert.Equal("<script>alert(1)</script>", read.GivenName);
        Assert.Equal(61m, read.CurrentWeight!.Weight.Value);
        Assert.Equal(new DateOnly(2026, 3, 2), read.CurrentWeight.MeasuredOn);
        Assert.True(read.Allergies.IsNoneKnown);
        Assert.False(read.PriorTreatments.IsRecorded);
        Assert.Equal(["lithium 600 mg"], read.Medication.Items);
        Assert.Equal(45, read.AgeOn(new DateOnly(2026, 3, 2)));
    }

    [Theory]
    [InlineData("0", "weight_range")]
    [InlineData("7", "weight_range")]
    [InlineData("24.99", "weight_range")]
    [InlineData("350.01", "weight_range")]
    [InlineData("700", "weight_range")]
    [InlineData("61.125", "weight_decimals")]
    [InlineData("61,5", "number_format")]
    [InlineData("1e2", "number_format")]
    public async Task An_impossible_weight_is_refused_and_nothing_is_stored(string weight, string code)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var refusal = await Refused.With(code, () => clinic.Patients(p => p.Add(TestClinic.Form(weight: weight) with { HeightCentimetres = null })), RefusalKind.Invalid);
        Assert.Equal("weight", Assert.Single(refusal.Errors).Field);
        await using var db = clinic.Db();
        Assert.False(await db.Patients.AnyAsync(TestClinic.Cancel));
        Assert.False(await db.Audit.AnyAsync(TestClinic.Cancel));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_weight_that_looks_like_pounds_is_stored_only_when_confirmed(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await clinic.Patients(p => p.Add(TestClinic.Form(weight: "61") with { HeightCentimetres = null }));
        var pounds = PatientForm.Of(patient) with { WeightKilograms = "134.5" };
        var question = await Refused.With("weight_looks_like_pounds", () => clinic.Patients(p => p.Edit(patient.Id, 1, pounds)), RefusalKind.NeedsConfirmation);
        Assert.Contains("134.5 kg (297 lb)", question.Message, StringComparison.Ordinal);
        Assert.Contains("61 kg (134 lb)", question.Message, StringComparison.Ordinal);
        Assert.Single((await clinic.Patients(p => p.Get(patient.Id))).Weights);

        var confirmed = pounds with { Confirmed = new HashSet<string>(StringComparer.Ordinal) { "weight_looks_like_pounds" } };
        await clinic.Patients(p => p.Edit(patient.Id, 1, confirmed));
        var read = await clinic.Patients(p => p.Get(patient.Id));
        Assert.Equal([61m, 134.5m], read.Weights.Select(w => w.Weight.Value));
        Assert.Equal(134.5m, read.CurrentWeight!.Weight.Value);
    }

    [Theory]
    [InlineData("61", "115.8", true)] // 1.898
    [InlineData("61", "115.9", false)] // 1.9
    [InlineData("61", "152.5", false)] // 2.5
    [InlineData("61", "152.6", true)]
    [InlineData("70", "37.2", true)] // 0.531
    [InlineData("70", "37.1", false)] // 0.53
    [InlineData("70", "28", false)] // 0.40
    [InlineData("70", "27.9", true)]
    public async Task The_pounds_question_has_its_exact_limits(string first, string second, bool accepted)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.Patients(p => p.Add(TestClinic.Form(weight: first) with { HeightCentimetres = null }));
        Task Edit() => clinic.Patients(p => p.Edit(patient.Id, 1, PatientForm.Of(patient) with { WeightKilograms = second }));
        if (accepted)
            await Edit();
        else
            await Refused.With("weight_looks_like_pounds", Edit);
    }

    [Fact]
    public async Task A_weight_unusual_for_the_height_is_a_question()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        await Refused.With("weight_unusual_for_height", () => clinic.AddPatient(weight: "39"), RefusalKind.NeedsConfirmation); // 13.8 kg/m2
        await Refused.With("weight_unusual_for_height", () => clinic.AddPatient(weight: "170"), RefusalKind.NeedsConfirmation); // 60.2 kg/m2
        await clinic.AddPatient(weight: "40");
    }

    [Fact]
    public async Task Everything_wrong_with_a_form_is_said_at_once()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var form = new PatientForm
        {
            ClinicNumber = " ",
            GivenName = new string('x', 10_000_000),
            FamilyName = "Bir\u0007ch",
            DateOfBirth = new DateOnly(2026, 3, 3),
            HeightCentimetres = "1.68",
            WeightKilograms = "700",
            WeighedOn = new DateOnly(2026, 3, 3),
            Allergies = RecordedList.Of(new string('x', 201)),
        };
        var refusal = await Refused.With("required", () => clinic.Patients(p => p.Add(form)), RefusalKind.Invalid);
        Assert.Equal(
            ["allergies:too_long", "clinicNumber:required", "dateOfBirth:date_in_future", "diagnosis:required", "familyName:control_character", "givenName:too_long", "height:height_range", "sex:required", "weighedOn:date_in_future", "weight:weight_range"],
            refusal.Errors.Select(e => $"{e.Field}:{e.Code}").Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task An_edit_from_an_old_revision_names_who_changed_it_and_when(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await clinic.AddPatient();
        await clinic.Patients(p => p.Edit(patient.Id, 1, PatientForm.Of(patient) with { FamilyName = "Alder" }), clinic.Lead);
        var refusal = await Refused.With("changed_by_another", () => clinic.Patients(p => p.Edit(patient.Id, 1, PatientForm.Of(patient) with { FamilyName = "Oak" })), RefusalKind.Conflict);
        Assert.Contains("Dr. Rowan", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("2026-03-02 09:00", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("Alder", (await clinic.Patients(p => p.Get(patient.Id))).FamilyName);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Of_many_edits_at_once_one_wins_and_none_is_lost_silently(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await clinic.AddPatient();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await clinic.Patients(p => p.Edit(patient.Id, 1, PatientForm.Of(patient) with { FamilyName = $"Oak{i}" }));
                return "stored";
            }
            catch (ClinicRuleException refusal)
            {
                return Assert.Single(refusal.Errors).Code;
            }
        }));
        Assert.Single(outcomes, "stored");
        Assert.Equal(7, outcomes.Count(o => o is "changed_by_another"));
        Assert.Equal(2, (await clinic.Patients(p => p.Get(patient.Id))).Revision);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_clinic_number_belongs_to_one_patient(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        await clinic.AddPatient("T-1");
        await Refused.With("clinic_number_taken", () => clinic.AddPatient("T-1"), RefusalKind.Conflict);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Patients_are_found_whatever_the_case_or_the_diacritics_and_wildcards_are_plain_signs(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        await clinic.Patients(p => p.Add(TestClinic.Form("A_1") with { FamilyName = "Müller-Åström", GivenName = "Zoë" }));
        await clinic.Patients(p => p.Add(TestClinic.Form("AB1") with { FamilyName = "Łęcki", NationalId = "50%\\" }));
        async Task<string[]> Found(string? text) => [.. (await clinic.Patients(p => p.Find(text))).Select(p => p.ClinicNumber)];
        Assert.Equal(["A_1"], await Found("MULLER"));
        Assert.Equal(["A_1"], await Found("zoe astrom"));
        Assert.Equal(["AB1"], await Found("lecki"));
        Assert.Equal(["A_1"], await Found("a_1"));
        Assert.Equal(["AB1"], await Found("50%\\"));
        Assert.Equal(["AB1"], await Found("%"));
        Assert.Empty(await Found("birch"));
        Assert.Equal(2, (await Found(" ")).Length);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_patient_sees_only_the_own_record_and_adds_nobody(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var own = await clinic.AddPatient("T-1");
        var other = await clinic.AddPatient("T-2");
        var self = new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, own.Id);
        Assert.Equal(own.Id, (await clinic.Patients(p => p.Get(own.Id), self)).Id);
        await Refused.With("not_found", () => clinic.Patients(p => p.Get(other.Id), self), RefusalKind.NotFound);
        await Refused.With("forbidden", () => clinic.Patients(p => p.Find(""), self), RefusalKind.Forbidden);
        await Refused.With("forbidden", () => clinic.Patients(p => p.Add(TestClinic.Form("T-3")), self), RefusalKind.Forbidden);
        await Refused.With("forbidden", () => clinic.Patients(p => p.Edit(own.Id, 1, TestClinic.Form()), self), RefusalKind.Forbidden);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Every_read_and_write_leaves_an_audit_entry_without_clinical_content(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await clinic.AddPatient();
        await clinic.Patients(p => p.Get(patient.Id), clinic.Lead);
        await clinic.Patients(p => p.Find("birch"));
        await clinic.Patients(p => p.Edit(patient.Id, 1, PatientForm.Of(patient)));
        await using var db = clinic.Db();
        var audit = await db.Audit.OrderBy(a => a.Number).ToListAsync(TestClinic.Cancel);
        Assert.Equal(["patient.added", "patient.edited", "patient.found", "patient.read", "patient.weight_recorded"], audit.Select(a => a.Kind).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.All(audit, a => Assert.Equal(patient.Id, a.PatientId));
        Assert.Equal(clinic.Lead.AccountId, audit.Single(a => a.Kind is AuditKind.PatientRead).AccountId);
    }
}
