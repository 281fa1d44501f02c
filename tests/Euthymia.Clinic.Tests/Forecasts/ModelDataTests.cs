using Euthymia.Clinic.Forecasts;
using Euthymia.Pharmacometrics.Individualisation;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests.Forecasts;

/// <summary>What the individual model is told is what is on record, no more and no less.</summary>
public sealed class ModelDataTests
{
    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task The_model_gets_doses_as_given_by_segment_and_every_observation(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (patient, _, visits) = await clinic.AddCourse();
        await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Infused.Total(18)));
        clinic.Time.SetUtcNow(visits[0].ScheduledAt);
        await clinic.Start(visits[0].Id);
        clinic.Time.Advance(TimeSpan.FromMinutes(10));
        await clinic.Append(visits[0].Id, new InfusionPaused("nausea"));
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        await clinic.Append(visits[0].Id, new InfusionResumed());
        clinic.Time.Advance(TimeSpan.FromMinutes(10));
        await clinic.Append(visits[0].Id, new Observed(new Readings(Systolic: 140, Diastolic: 85, HeartRate: 80, Dissociation: 2)));
        await clinic.Append(visits[0].Id, new InfusionStopped("asked to stop"));

        var model = await clinic.Model(patient.Id);
        var record = model.Data.Record;
        var given = Assert.Single(record.Given);
        Assert.Equal([(0.0, 10.0, 45.75m), (15.0, 25.0, 45.75m)], given.Segments.Select(s => (s.Start.TotalMinutes, s.End.TotalMinutes, s.Rate.Value)));
        Assert.Equal(61, record.Covariates.Weight.Value);
        Assert.Equal(45, record.Covariates.AgeYears);
        Assert.Contains(new PatientObservation(25 / 60.0, ObservedKind.SystolicPressure, 140), record.Observations);
        Assert.Contains(new PatientObservation(25 / 60.0, ObservedKind.DissociationLevel, 2), record.Observations);
        Assert.Contains(record.Observations, o => o is { Kind: ObservedKind.Score, Measure: "PHQ-9", Value: 18, Hours: <= 0 });
        Assert.Equal("PHQ-9", model.Scale.Name);
        Assert.Contains("medication is not recorded", string.Join(' ', model.Data.Caveats), StringComparison.Ordinal);
        Assert.True(await clinic.As(clinic.Lead, (db, _) => db.Audit.AnyAsync(a => a.Kind == AuditKind.ForecastRead && a.PatientId == patient.Id && a.AccountId == clinic.Lead.AccountId)));
    }

    [Fact]
    public async Task The_same_record_gives_the_same_model_and_more_data_another()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (patient, _, visits) = await clinic.AddCourse();
        await clinic.Give(visits[0]);
        var one = await clinic.Model(patient.Id);
        clinic.Time.Advance(TimeSpan.FromHours(1));
        var other = await clinic.Model(patient.Id);
        Assert.Equal(one.Data.Key, other.Data.Key);
        Assert.Equal(one.Estimate.Effects.Select(e => e.Deviate), other.Estimate.Effects.Select(e => e.Deviate));
        await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Infused.Total(9)));
        Assert.NotEqual(one.Data.Key, (await clinic.Model(patient.Id)).Data.Key, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_withdrawn_reading_is_not_told_and_one_outside_the_models_is_named()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (patient, _, visits) = await clinic.AddCourse();
        clinic.Time.SetUtcNow(visits[0].ScheduledAt);
        await clinic.Start(visits[0].Id);
        clinic.Time.Advance(TimeSpan.FromMinutes(10));
        var wrong = await clinic.Append(visits[0].Id, new Observed(new Readings(Systolic: 190, Diastolic: 85)));
        await clinic.Append(visits[0].Id, new Amended(wrong.Event.Id, null, null, "another patient's"));
        await clinic.Append(visits[0].Id, new Observed(new Readings(Systolic: 45, Diastolic: 31))); // possible in a patient, not in the model
        var data = (await clinic.Model(patient.Id)).Data;
        var record = data.Record;
        Assert.DoesNotContain(record.Observations, o => o.Value is 190 or 45 or 31);
        Assert.Contains("A blood pressure of 45/31 mmHg could not be used: check that reading.", data.Caveats, StringComparer.Ordinal);
        Assert.Contains(record.Observations, o => o is { Kind: ObservedKind.SystolicPressure, Value: 120 });
    }

    [Theory]
    [InlineData("carbamazepine 200 mg", Circumstances.InteractingDrug)]
    [InlineData("Clarithromycin for a week", Circumstances.InteractingDrug)]
    [InlineData("sertraline 100 mg", Circumstances.None)]
    public async Task An_interacting_drug_is_found_by_name(string drug, Circumstances expected)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.Patients(p => p.Add(TestClinic.Form() with { Medication = RecordedList.Of(drug) }));
        var model = await clinic.Model(patient.Id);
        Assert.Equal(expected, model.Data.Record.Circumstances);
        Assert.Equal(expected == Circumstances.InteractingDrug, ScoreForecast.RemarksOf(model.Estimate, model.Data).Any(r => r.Contains("changes ketamine's clearance", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_a_weight_there_is_no_model_and_patients_get_none()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.Patients(p => p.Add(TestClinic.Form() with { WeightKilograms = "" }));
        await Refused.With("weight_missing", () => clinic.Model(patient.Id));
        var self = new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, patient.Id);
        await Refused.With("forbidden", () => clinic.Model(patient.Id, self), RefusalKind.Forbidden);
    }

    [Fact]
    public void Instruments_that_are_no_depression_scale_of_the_models_are_left_out()
    {
        Assert.Null(ModelData.ScaleOf("PHQ-2"));
        Assert.Null(ModelData.ScaleOf("GAD-7"));
        Assert.Equal("HAM-D17", ModelData.ScaleOf("HAM-D")!.Name);
        Assert.All(ModelData.Instruments, id => Assert.Equal(InstrumentLibrary.Shipped[id].Maximum, ModelData.ScaleOf(id)!.Maximum));
    }
}
