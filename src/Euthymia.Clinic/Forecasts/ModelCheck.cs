using Euthymia.Clinic.Storage;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Individualisation;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Forecasts;

/// <summary>
/// Keeps, for every observation, the forecast that the model makes of it from what was on record before it, so that the two can be
/// compared. It works behind the recording, which never waits for it: after a stop it goes on where observations have no forecast,
/// and what two servers do at once is stored once.
/// </summary>
/// <param name="open">Makes a context; disposed of here.</param>
/// <param name="time">The clock.</param>
/// <param name="share">Share of one processor's time that it takes, above 0 to 1: years of records are gone through at leisure.</param>
public sealed class ModelCheck(Func<ClinicDb> open, TimeProvider time, double share = 1)
{
    private const int BasisLength = 600;
    private static readonly Actor Self = new(Guid.Empty, "Euthymia", ClinicRole.Nurse);

    // One thread: it must not take the processors from the people at the chair.
    private readonly IndividualModels _models = new(threads: 1);

    /// <summary>Keeps what is missing.</summary>
    /// <param name="since">Looks at what was recorded or scheduled from here on only; at everything when null.</param>
    /// <param name="cancel">Stops it between two observations.</param>
    /// <returns>How many forecasts were stored.</returns>
    public async Task<int> Run(DateTimeOffset? since = null, CancellationToken cancel = default)
    {
        var kept = 0;
        await using var db = open();
        var from = since ?? DateTimeOffset.MinValue.AddYears(1);
        var scores = await db.Assessments.AsNoTracking()
            .Where(a => ModelData.Instruments.Contains(a.InstrumentId) && a.Total != null && a.RecordedAt >= from && !db.KeptForecasts.Any(f => f.SourceId == a.Id))
            .OrderBy(a => a.RecordedAt).Select(a => new { a.Id, a.PatientId }).ToListAsync(cancel);
        foreach (var patient in scores.GroupBy(s => s.PatientId))
        {
            var started = time.GetTimestamp();
            var story = await RecordedHistory.Read(db, patient.Key, cancel);
            foreach (var score in patient)
                kept += await Keep(db, [await OfScore(story, story.Assessments.Single(a => a.Id == score.Id), cancel)], cancel);
            await Rest(started, cancel);
        }

        var visits = await db.Visits.AsNoTracking()
            .Where(v => v.CancelledBecause == null && v.ScheduledAt >= from && v.Events.Count != 0).OrderByDescending(v => v.ScheduledAt)
            .Select(v => new { v.Id, v.PatientId, Last = v.Events.Max(e => e.Number), Done = db.CheckedVisits.Where(c => c.VisitId == v.Id).Select(c => c.LastNumber).FirstOrDefault() })
            .Where(v => v.Last > v.Done).ToListAsync(cancel);
        foreach (var visit in visits)
        {
            var started = time.GetTimestamp();
            kept += await OfVisit(db, await RecordedHistory.Read(db, visit.PatientId, cancel), visit.Id, cancel);
            await Rest(started, cancel);
        }

        return kept;
    }

    private Task Rest(long started, CancellationToken cancel) =>
        share < 1 ? Task.Delay(time.GetElapsedTime(started) * ((1 / share) - 1), time, cancel) : Task.CompletedTask;

    private async Task<KeptForecast> OfScore(RecordedHistory story, Assessment assessment, CancellationToken cancel)
    {
        var scale = ModelData.ScaleOf(assessment.InstrumentId)!;
        KeptForecast Row(Spread? spread, string? withheld, IndividualEstimate? estimate) =>
            RowOf(story.Patient.Id, visitId: null, assessment.Id, ForecastQuantity.Score, scale.Name, assessment.CompletedAt, assessment.Total!.Value, spread, withheld, estimate);
        try
        {
            var data = ModelData.Of(story.Before(assessment.CompletedAt, assessment.RecordedAt), assessment.CompletedAt);
            if (data.Record.Given.Count == 0)
                return Row(null, "Before the first infusion: it says where the patient starts.", null);
            var estimate = await _models.Estimate(data, cancel);
            if (ScoreForecast.WithheldBecause(estimate) is { } why)
                return Row(null, why, estimate);
            var hours = data.HoursAt(assessment.CompletedAt);
            var band = ScaleForecast.Of(estimate, scale, hours, [], [hours], threads: 1, cancel);
            return Row(new Spread(band.Low[0], band.Median[0], band.High[0]), null, estimate);
        }
        catch (Exception refusal) when (refusal is InvalidInputException or ClinicRuleException)
        {
            return Row(null, refusal.Message, null);
        }
    }

    private async Task<int> OfVisit(ClinicDb db, RecordedHistory story, Guid visitId, CancellationToken cancel)
    {
        var visit = story.Visits.SingleOrDefault(v => v.Id == visitId);
        if (visit is null || visit.Events.Count == 0)
            return 0;
        var state = VisitFold.Of(visit, visit.Events, Clock.Now(time));
        var stored = await db.KeptForecasts.Where(f => f.VisitId == visitId).ToListAsync(cancel);
        Correct(stored, state);
        List<KeptForecast> fresh = [];
        if (state.StartedAt is { } start)
        {
            foreach (var line in state.Log.Where(l => l.Entry is Observed && l.ObservedAt > start && stored.TrueForAll(f => f.SourceId != l.Event.Id)))
                fresh.AddRange(await OfReading(story, visit, start, line, cancel));
        }

        if (await db.CheckedVisits.SingleOrDefaultAsync(c => c.VisitId == visitId, cancel) is { } note)
            note.LastNumber = visit.Events[^1].Number;
        else
            db.CheckedVisits.Add(new CheckedVisit { VisitId = visitId, LastNumber = visit.Events[^1].Number });
        return await Keep(db, fresh, cancel);
    }

    // The forecast stays as it was made; what it is compared with follows the amendments and doubts of the log.
    private static void Correct(List<KeptForecast> stored, VisitState state)
    {
        foreach (var row in stored)
        {
            var line = state.Log.FirstOrDefault(l => l.Event.Id == row.SourceId);
            row.Observed = line?.Sound is { } sound && line.ObservedAt == row.ObservedAt ? ValueOf(sound, row.Quantity) : null;
        }
    }

    private async Task<IReadOnlyList<KeptForecast>> OfReading(RecordedHistory story, Visit visit, DateTimeOffset start, LogLine line, CancellationToken cancel)
    {
        var readings = line.Sound!;
        ForecastQuantity[] quantities = [.. new[] { ForecastQuantity.Systolic, ForecastQuantity.Diastolic, ForecastQuantity.Dissociation }.Where(q => ValueOf(readings, q) is not null)];
        if (quantities.Length == 0)
            return [];
        IEnumerable<KeptForecast> Rows(Func<ForecastQuantity, Spread?> spread, string? withheld, IndividualEstimate? estimate) => quantities
            .Select(q => (Quantity: q, Spread: spread(q))).Where(x => x.Spread is not null || withheld is not null)
            .Select(x => RowOf(visit.PatientId, visit.Id, line.Event.Id, x.Quantity, "", line.ObservedAt, ValueOf(readings, x.Quantity)!.Value, x.Spread, withheld, estimate));
        try
        {
            var knownAt = line.Event.RecordedAt;
            var data = ModelData.Of(story.Before(start, knownAt), start);
            var estimate = await _models.Estimate(data, cancel);
            var asKnown = VisitFold.Of(visit, visit.Events.Where(e => e.RecordedAt <= knownAt && (e.ObservedAt <= line.ObservedAt || e.IsAboutAnother)), line.ObservedAt);
            if (ChairForecast.InfusionOf(asKnown, data.Origin) is not { } infusion)
                return [];
            var forecast = ChairForecast.Of(estimate, data, infusion);
            var minute = (line.ObservedAt - start).TotalMinutes;
            return [.. Rows(q => SpreadOf(forecast, q, minute), forecast.Withheld, estimate)];
        }
        catch (Exception refusal) when (refusal is InvalidInputException or ClinicRuleException)
        {
            return [.. Rows(_ => null, refusal.Message, null)];
        }
    }

    // Null later than the band goes: nothing was forecast there.
    private static Spread? SpreadOf(ChairForecast forecast, ForecastQuantity quantity, double minute)
    {
        var band = quantity switch { ForecastQuantity.Systolic => forecast.Systolic, ForecastQuantity.Diastolic => forecast.Diastolic, _ => forecast.Dissociation };
        return forecast.At(band, minute) is not { } at ? null
            : quantity == ForecastQuantity.Dissociation ? new Spread(Math.Floor(at.Low), Math.Round(at.Median), Math.Ceiling(at.High))
            : new Spread(at.Low, at.Median, at.High);
    }

    private static double? ValueOf(Readings readings, ForecastQuantity quantity) => quantity switch
    {
        ForecastQuantity.Systolic => readings.Systolic,
        ForecastQuantity.Diastolic => readings.Diastolic,
        _ => readings.Dissociation,
    };

    private KeptForecast RowOf(
        Guid patientId, Guid? visitId, Guid source, ForecastQuantity quantity, string measure, DateTimeOffset observedAt, double observed, Spread? spread, string? withheld, IndividualEstimate? estimate) => new()
        {
            PatientId = patientId,
            VisitId = visitId,
            SourceId = source,
            Quantity = quantity,
            Measure = measure,
            ObservedAt = observedAt,
            Observed = observed,
            Low = spread?.Low,
            Median = spread?.Median,
            High = spread?.High,
            Withheld = withheld is null ? null : ClinicText.Shorten(withheld, BasisLength),
            ModelVersion = ModelData.ModelVersion,
            Observations = estimate?.Observations.Count(o => o.IsExplained) ?? 0,
            Basis = ClinicText.Shorten(estimate?.Basis ?? "", BasisLength),
            MadeAt = Clock.Now(time),
        };

    /// <summary>Stores rows with their audit entries; none when another server was first.</summary>
    private async Task<int> Keep(ClinicDb db, List<KeptForecast> rows, CancellationToken cancel)
    {
        db.KeptForecasts.AddRange(rows);
        foreach (var source in rows.GroupBy(r => (r.PatientId, r.SourceId)))
            db.Record(Self, time, AuditKind.ForecastKept, source.Key.PatientId, source.Key.SourceId);
        try
        {
            await db.SaveChangesAsync(cancel);
            return rows.Count;
        }
        catch (DbUpdateException failure) when (UniqueViolation.Is(failure))
        {
            return 0;
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }
}
