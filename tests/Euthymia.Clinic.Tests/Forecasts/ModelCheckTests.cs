using Euthymia.Clinic.Forecasts;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests.Forecasts;

/// <summary>Forecasts kept before what came, and how they are scored.</summary>
public sealed class ModelCheckTests
{
    private static Task<List<KeptForecast>> Kept(TestClinic clinic) =>
        clinic.As(clinic.Lead, (db, _) => db.KeptForecasts.AsNoTracking().OrderBy(f => f.ObservedAt).ThenBy(f => f.Quantity).ToListAsync(TestClinic.Cancel));

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Every_observation_gets_the_forecast_made_from_what_was_known_before_it(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (patient, _, visits) = await clinic.AddCourse();
        await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Infused.Total(18)));
        await clinic.Give(visits[0]);
        clinic.Time.Advance(TimeSpan.FromDays(1));
        var score = await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Infused.Total(11)));
        Assert.Equal(await clinic.Check(), (await Kept(clinic)).Count);

        var kept = await Kept(clinic);
        Assert.Equal(9, kept.Count(f => f.VisitId == visits[0].Id)); // three readings of three quantities
        Assert.All(kept.Where(f => f.VisitId is not null), f => Assert.True(f.Low <= f.Median && f.Median <= f.High));
        Assert.Single(kept, f => f is { Quantity: ForecastQuantity.Score, Withheld: not null, Low: null });
        var forecast = Assert.Single(kept, f => f.SourceId == score.Assessment.Id);
        Assert.Equal(11, forecast.Observed);
        Assert.InRange(forecast.Median!.Value, 0, 27);
        Assert.Equal(ModelData.ModelVersion, forecast.ModelVersion);

        // The same as anybody would have forecast before that score came, and not after it.
        var story = (await clinic.Model(patient.Id)).Story;
        var before = ModelData.Of(story.Before(forecast.ObservedAt, score.Assessment.RecordedAt), forecast.ObservedAt);
        Assert.DoesNotContain(before.Record.Observations, o => o.Value == 11);
        var estimate = Pharmacometrics.Individualisation.Individualiser.Estimate(before.Record, cancellation: TestClinic.Cancel);
        var hours = before.HoursAt(forecast.ObservedAt);
        var band = Pharmacometrics.Individualisation.ScaleForecast.Of(estimate, ModelData.ScaleOf("PHQ-9")!, hours, [], [hours], cancellation: TestClinic.Cancel);
        Assert.Equal(band.Median[0], forecast.Median!.Value, 1e-9);
        Assert.Equal(kept.Select(f => f.SourceId).Distinct().Count(), await clinic.As(clinic.Lead, (db, _) => db.Audit.CountAsync(a => a.Kind == AuditKind.ForecastKept, TestClinic.Cancel)));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Two_servers_and_a_restart_keep_each_forecast_once(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (patient, _, visits) = await clinic.AddCourse();
        await clinic.Give(visits[0]);
        await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Infused.Total(11)));
        await Task.WhenAll(clinic.Check(), clinic.Check());
        var kept = await Kept(clinic);
        Assert.Equal(11, kept.Count);
        Assert.Equal(kept.Count, kept.DistinctBy(f => (f.SourceId, f.Quantity)).Count());
        Assert.Equal(0, await clinic.Check());
        Assert.Equal(kept.Select(f => f.Id), (await Kept(clinic)).Select(f => f.Id));

        // The key itself refuses a second one, whoever writes it.
        await using var db = clinic.Db();
        db.KeptForecasts.Add(new KeptForecast { PatientId = patient.Id, SourceId = kept[0].SourceId, Quantity = kept[0].Quantity, ObservedAt = kept[0].ObservedAt, MadeAt = kept[0].MadeAt });
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(TestClinic.Cancel));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_corrected_reading_is_compared_as_corrected_and_a_withdrawn_one_not_at_all(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        await clinic.Give(visits[0]);
        await clinic.Check();
        var events = await clinic.As(clinic.Lead, (db, _) => db.VisitEvents.Where(e => e.VisitId == visits[0].Id).OrderBy(e => e.Number).ToListAsync(TestClinic.Cancel));
        var readings = events.Where(e => e.Entry is Observed { Readings.Dissociation: > 0 }).ToList();
        var before = (await Kept(clinic)).Single(f => f.SourceId == readings[0].Id && f.Quantity == ForecastQuantity.Systolic);
        await clinic.Append(visits[0].Id, new Amended(readings[0].Id, new Observed(new Readings(Systolic: 128, Diastolic: 80, Dissociation: 1)), null, "misread"));
        await clinic.Append(visits[0].Id, new Amended(readings[1].Id, null, null, "cuff slipped"));
        Assert.Equal(0, await clinic.Check());
        var after = await Kept(clinic);
        var corrected = after.Single(f => f.Id == before.Id);
        Assert.Equal((134, 128), (before.Observed, corrected.Observed));
        Assert.Equal((before.Low, before.Median, before.High, before.MadeAt), (corrected.Low, corrected.Median, corrected.High, corrected.MadeAt));
        Assert.All(after.Where(f => f.SourceId == readings[1].Id), f => Assert.Null(f.Observed));
    }

    [Fact]
    public async Task A_patient_and_the_clinic_are_scored_apart_and_only_staff_sees_it()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (one, _, visits) = await clinic.AddCourse("T-1", "Chair 1");
        var (other, _, others) = await clinic.AddCourse("T-2", "Chair 2");
        await clinic.Give(visits[0]);
        await clinic.Give(others[0], systolicAtPeak: 230);
        await clinic.Check();
        var record = await clinic.As(clinic.Nurse, (db, a) => new ForecastBook(db, clinic.Time, a).OfPatient(one.Id, TestClinic.Cancel));
        var all = await clinic.As(clinic.Nurse, (db, a) => new ForecastBook(db, clinic.Time, a).OfClinic(TestClinic.Cancel));
        Assert.Equal(3, record.Scores.Single(s => s.Quantity == ForecastQuantity.Systolic).Count);
        var systolic = all.Scores.Single(s => s.Quantity == ForecastQuantity.Systolic);
        Assert.Equal((6, 2), (systolic.Count, systolic.Patients));
        Assert.True(systolic.Covered <= 5); // 230 mmHg is what no forecast holds
        Assert.StartsWith("Too few to judge: 6 of at least 20", systolic.Verdict, StringComparison.Ordinal);
        var self = new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, other.Id);
        await Refused.With("forbidden", () => clinic.As(self, (db, a) => new ForecastBook(db, clinic.Time, a).OfPatient(other.Id, TestClinic.Cancel)), RefusalKind.Forbidden);
    }

    [Theory]
    [InlineData(100, 90, 0, "Nothing seen here speaks against it.", false)]
    [InlineData(100, 70, 0, "Distrust the interval: it is too narrow", true)]
    [InlineData(200, 200, 0, "The interval is wider than it need be", false)]
    [InlineData(100, 90, 6, "It expects 6 mmHg too low", true)]
    [InlineData(19, 5, 30, "Too few to judge: 19 of at least 20", false)]
    [InlineData(20, 10, 0, "Distrust the interval", true)]
    public void The_verdict_says_when_to_distrust(int count, int covered, double bias, string words, bool doubtful)
    {
        // Residuals alternate about the bias, so that their mean is the bias.
        var outcomes = Enumerable.Range(0, count).Select(i =>
        {
            var observed = 120 + bias + (count % 2 == 1 && i == count - 1 ? 0 : i % 2 == 0 ? 2 : -2);
            var (low, high) = i < covered ? (observed - 20, observed + 20) : (observed + 1, observed + 40);
            return new ForecastOutcome(new Guid(i, 0, 0, new byte[8]), ForecastQuantity.Systolic, "", observed, low, 120, high);
        });
        var score = Assert.Single(ForecastScore.Of(outcomes));
        Assert.Equal((count, covered), (score.Count, score.Covered));
        Assert.Equal(bias, score.Bias, 9);
        Assert.StartsWith(words, score.Verdict, StringComparison.Ordinal);
        Assert.Equal(doubtful, score.IsDoubtful);
    }

    [Fact]
    public void The_coverage_interval_is_wilsons()
    {
        var outcomes = Enumerable.Range(0, 10).Select(i => new ForecastOutcome(Guid.Empty, ForecastQuantity.Score, "PHQ-9", 5, i < 9 ? 0 : 6, 5, 10));
        var (low, high) = Assert.Single(ForecastScore.Of(outcomes)).CoverageInterval;
        Assert.Equal(0.5958, low, 4); // 9 of 10
        Assert.Equal(0.9821, high, 4);
    }
}
