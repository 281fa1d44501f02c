using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Evidence;

namespace Euthymia.Trials.Calibration;

/// <summary>The whole calibration: reference exposure, mood, then safety.</summary>
public static class CalibrationRun
{
    private static readonly KetamineSession Reference = new(KetamineForm.Racemic, 35, 40.0 / 60);
    private const double ReferenceWeightKg = 70;

    /// <summary>New parameters with provenance; the same for the same evidence, start and seed.</summary>
    public static ResponseParameters Run(EvidenceLibrary library, ResponseParameters start, string version, ulong seed, Action<int, double>? progress = null, CancellationToken cancel = default)
    {
        var prepared = WithReference(start, version);
        var mood = new MoodCalibration(library, prepared, seed).Run(progress, cancel);
        return new SafetyCalibration(library, mood).Run();
    }

    /// <summary>The exposure of the typical patient under 0.5 mg/kg racemic over 40 min, which others are relative to.</summary>
    public static ResponseParameters WithReference(ResponseParameters start, string version)
    {
        var typical = SessionExposure.Of(Reference, ReferenceWeightKg, 0, 0, [], start);
        return start.With(new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["reference_occupancy_hours"] = MoodCalibration.Significant(typical.OccupancyHours),
            ["reference_peak"] = MoodCalibration.Significant(typical.PeakConcentration),
        }) with
        { Version = version };
    }
}
