using System.Globalization;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Individualisation;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Clinic.Forecasts;

/// <summary>A patient's scores in the days ahead: median and the interval that holds 90 % of what may come.</summary>
/// <param name="Scale">The scale.</param>
/// <param name="Moments">Ascending, from now on.</param>
/// <param name="Score">5th, 50th and 95th percentile at each moment.</param>
/// <param name="ToCome">Starts of the infusions that it counts on.</param>
/// <param name="Basis">Models with versions, and data.</param>
/// <param name="Remarks">Where the patient lies outside the models, what they could not use or explain.</param>
/// <param name="Withheld">Why there are no numbers; null when there are.</param>
public sealed record ScoreForecast(
    DepressionScale Scale, IReadOnlyList<DateTimeOffset> Moments, Band Score, IReadOnlyList<DateTimeOffset> ToCome, string Basis, IReadOnlyList<string> Remarks, string? Withheld)
{
    /// <summary>Forecasts a PHQ-9 (or another scale) from a patient's own model.</summary>
    /// <param name="estimate">The model.</param>
    /// <param name="data">What it was made from.</param>
    /// <param name="now">The first moment.</param>
    /// <param name="planned">Infusions counted on, from the data's origin; those before <paramref name="now"/> are left out.</param>
    /// <param name="days">Length.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="cancel">Stops it.</param>
    public static ScoreForecast Of(IndividualEstimate estimate, ModelData data, DateTimeOffset now, IReadOnlyList<Infusion> planned, int days, DepressionScale scale, CancellationToken cancel = default)
    {
        var remarks = RemarksOf(estimate, data);
        if (WithheldBecause(estimate) is { } why)
            return new ScoreForecast(scale, [], new Band([], [], []), [], estimate.Basis, remarks, why);
        Infusion[] ahead = [.. planned.Where(i => data.Origin + i.Start >= now).OrderBy(i => i.Start)];
        DateTimeOffset[] moments = [.. Enumerable.Range(0, (days * 2) + 1).Select(half => now.AddHours(12 * half))];
        var band = ScaleForecast.Of(estimate, scale, data.HoursAt(now), ahead, [.. moments.Select(data.HoursAt)], cancellation: cancel);
        return new ScoreForecast(scale, moments, band, [.. ahead.Select(i => data.Origin + i.Start)], estimate.Basis, remarks, null);
    }

    /// <summary>Why a patient gets no numbers, or null.</summary>
    public static string? WithheldBecause(IndividualEstimate estimate)
    {
        var reasons = string.Join(' ', estimate.Range.Where(f => f.WithholdsNumbers).Select(f => f.Text));
        return reasons.Length > 0 ? reasons : null;
    }

    /// <summary>What has to stand beside every number of this patient.</summary>
    public static IReadOnlyList<string> RemarksOf(IndividualEstimate estimate, ModelData data) =>
    [
        .. estimate.Range.Where(f => !f.WithholdsNumbers).Select(f => f.Text),
        .. data.Caveats,
        .. estimate.Observations.Where(o => !o.IsExplained).Select(o => string.Create(CultureInfo.InvariantCulture,
            $"The model cannot explain {Name(o.Observation)} of {data.Origin.AddHours(o.Observation.Hours):d MMM HH:mm} UTC: it expected {o.Predicted:0.#}, which is {Math.Abs(o.StandardisedResidual):0.0} standard deviations away. It was set aside; check value and time.")),
        .. estimate.Notes,
    ];

    private static string Name(PatientObservation observation) => observation.Kind switch
    {
        ObservedKind.Score => string.Create(CultureInfo.InvariantCulture, $"{observation.Measure} {observation.Value:0}"),
        ObservedKind.SystolicPressure => string.Create(CultureInfo.InvariantCulture, $"a systolic pressure of {observation.Value:0} mmHg"),
        ObservedKind.DiastolicPressure => string.Create(CultureInfo.InvariantCulture, $"a diastolic pressure of {observation.Value:0} mmHg"),
        ObservedKind.DissociationLevel => string.Create(CultureInfo.InvariantCulture, $"a dissociation of {observation.Value:0} of 4"),
        _ => string.Create(CultureInfo.InvariantCulture, $"a CADSS of {observation.Value:0}"),
    };
}
