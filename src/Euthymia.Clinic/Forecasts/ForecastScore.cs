using System.Globalization;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Forecasts;

/// <summary>A forecast beside what came.</summary>
public sealed record ForecastOutcome(Guid PatientId, ForecastQuantity Quantity, string Measure, double Observed, double Low, double Median, double High)
{
    public bool IsCovered => Observed >= Low && Observed <= High;
}

/// <summary>How the forecasts of one quantity have done.</summary>
/// <param name="Quantity">Which.</param>
/// <param name="Measure">The scale of a score; else empty.</param>
/// <param name="Count">Forecasts that met an observation.</param>
/// <param name="Patients">Whose.</param>
/// <param name="Covered">Observations inside the 90 % interval.</param>
/// <param name="Bias">Mean of observed less expected (the median), in the quantity's unit.</param>
/// <param name="BiasError">Its standard error, with a patient's observations taken together; NaN below two observations.</param>
public sealed record ForecastScore(ForecastQuantity Quantity, string Measure, int Count, int Patients, int Covered, double Bias, double BiasError)
{
    /// <summary>Fewer than this many say nothing about a 90 % interval. A judgement: of 20, two lie outside by right.</summary>
    public const int Fewest = 20;

    private const double Nominal = 0.9;
    private const double Normal = 1.959964;

    public double Coverage => Count == 0 ? double.NaN : Covered / (double)Count;

    /// <summary>95 % interval of the coverage (Wilson, JASA 22 (1927) 209-212).</summary>
    public (double Low, double High) CoverageInterval
    {
        get
        {
            if (Count == 0)
                return (0, 1);
            var (n, z2) = ((double)Count, Normal * Normal);
            var centre = (Coverage + (z2 / (2 * n))) / (1 + (z2 / n));
            var half = Normal / (1 + (z2 / n)) * Math.Sqrt((Coverage * (1 - Coverage) / n) + (z2 / (4 * n * n)));
            return (Math.Max(0, centre - half), Math.Min(1, centre + half));
        }
    }

    public string Unit => Quantity switch { ForecastQuantity.Score => "points", ForecastQuantity.Dissociation => "levels", _ => "mmHg" };

    public string Name => Quantity switch
    {
        ForecastQuantity.Score => Measure,
        ForecastQuantity.Systolic => "Systolic pressure",
        ForecastQuantity.Diastolic => "Diastolic pressure",
        _ => "Dissociation, 0 to 4",
    };

    /// <summary>True when what was seen speaks against the forecasts.</summary>
    public bool IsDoubtful => Count >= Fewest && (CoverageInterval.High < Nominal || IsBiased);

    /// <summary>When to distrust it, in words.</summary>
    public string Verdict
    {
        get
        {
            if (Count == 0)
                return "No forecast has met an observation yet: nothing is known about how it does here.";
            if (Count < Fewest)
                return string.Create(CultureInfo.InvariantCulture, $"Too few to judge: {Count} of at least {Fewest}. Neither trust nor distrust it for this.");
            List<string> words = [];
            if (CoverageInterval.High < Nominal)
                words.Add("Distrust the interval: it is too narrow, what came lay outside more often than 1 in 10.");
            else if (CoverageInterval.Low > Nominal)
                words.Add("The interval is wider than it need be: it errs to the careful side.");
            if (IsBiased)
                words.Add(string.Create(CultureInfo.InvariantCulture, $"It expects {Math.Abs(Bias):0.#} {Unit} too {(Bias > 0 ? "low" : "high")} on average: read its median with that in mind."));
            return words.Count == 0 ? "Nothing seen here speaks against it." : string.Join(' ', words);
        }
    }

    // Both sure and large enough to matter; what matters is a judgement.
    private bool IsBiased => Math.Abs(Bias) > 2 * BiasError && Math.Abs(Bias) >= Quantity switch { ForecastQuantity.Score => 1, ForecastQuantity.Dissociation => 0.5, _ => 4 };

    /// <summary>Scores each quantity, and each scale by itself.</summary>
    public static IReadOnlyList<ForecastScore> Of(IEnumerable<ForecastOutcome> outcomes) =>
    [
        .. outcomes.GroupBy(o => (o.Quantity, o.Measure)).OrderBy(g => g.Key.Quantity).ThenBy(g => g.Key.Measure, StringComparer.Ordinal).Select(g => Of(g.Key.Quantity, g.Key.Measure, [.. g])),
    ];

    private static ForecastScore Of(ForecastQuantity quantity, string measure, ForecastOutcome[] outcomes)
    {
        var bias = outcomes.Average(o => o.Observed - o.Median);
        var patients = outcomes.GroupBy(o => o.PatientId).ToList();
        // A patient's observations are alike, so patients are the sample; of one patient only the observations can be.
        var squares = patients.Count > 1
            ? patients.Sum(p => Math.Pow(p.Sum(o => o.Observed - o.Median - bias), 2)) * patients.Count / (patients.Count - 1.0)
            : outcomes.Sum(o => Math.Pow(o.Observed - o.Median - bias, 2)) * outcomes.Length / Math.Max(1, outcomes.Length - 1.0);
        return new ForecastScore(quantity, measure, outcomes.Length, patients.Count, outcomes.Count(o => o.IsCovered), bias, outcomes.Length < 2 ? double.NaN : Math.Sqrt(squares) / outcomes.Length);
    }
}

/// <summary>How the model in use has done: for one patient, or for the clinic.</summary>
/// <param name="Scores">By quantity.</param>
/// <param name="Since">The first observation that counts; null when none does.</param>
/// <param name="WithoutForecast">Observations for which there was no forecast, such as those before the first infusion.</param>
/// <param name="EarlierVersions">Kept forecasts of other model versions, which are not counted.</param>
public sealed record ForecastRecord(IReadOnlyList<ForecastScore> Scores, DateTimeOffset? Since, int WithoutForecast, int EarlierVersions);

/// <summary>Reads the kept forecasts. What is read of a patient is audited.</summary>
public sealed class ForecastBook(ClinicDb db, TimeProvider time, Actor actor)
{
    /// <summary>Of one patient.</summary>
    public async Task<ForecastRecord> OfPatient(Guid patientId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var record = await Read(db.KeptForecasts.Where(f => f.PatientId == patientId), cancel);
        db.Record(actor, time, AuditKind.ForecastRead, patientId);
        await db.SaveChangesAsync(cancel);
        return record;
    }

    /// <summary>Of all patients together.</summary>
    public async Task<ForecastRecord> OfClinic(CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var record = await Read(db.KeptForecasts, cancel);
        db.Record(actor, time, AuditKind.ForecastRead, patientId: null);
        await db.SaveChangesAsync(cancel);
        return record;
    }

    private static async Task<ForecastRecord> Read(IQueryable<KeptForecast> rows, CancellationToken cancel)
    {
        var version = ModelData.ModelVersion;
        var counted = await rows.AsNoTracking().Where(f => f.ModelVersion == version && f.Observed != null && f.Low != null)
            .Select(f => new { f.ObservedAt, Outcome = new ForecastOutcome(f.PatientId, f.Quantity, f.Measure, f.Observed!.Value, f.Low!.Value, f.Median!.Value, f.High!.Value) }).ToListAsync(cancel);
        return new ForecastRecord(
            ForecastScore.Of(counted.Select(c => c.Outcome)),
            counted.Count == 0 ? null : counted.Min(c => c.ObservedAt),
            await rows.CountAsync(f => f.Withheld != null, cancel),
            await rows.CountAsync(f => f.ModelVersion != version && f.Withheld == null, cancel));
    }
}
