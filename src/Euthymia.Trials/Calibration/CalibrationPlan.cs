using System.Globalization;
using System.Reflection;
using CsvHelper;
using Euthymia.Trials.Evidence;

namespace Euthymia.Trials.Calibration;

/// <summary>Which trials the parameters are calibrated on, and for what: no patient is counted twice.</summary>
public sealed record CalibrationUse(string TrialId, string Use, double? Hours, string Reason)
{
    public static IReadOnlyList<CalibrationUse> All { get; } = Read();

    /// <summary>True when the trial informs the mood parameters.</summary>
    public static bool IsMood(string trialId) => Uses(trialId, "mood");

    /// <summary>False for an outcome of a trial of which other hours are used only, because its other outcomes are counted elsewhere.</summary>
    public static bool Includes(Outcome outcome)
        => !All.Any(item => item.Hours is { } hours && string.Equals(item.TrialId, outcome.TrialId, StringComparison.Ordinal) && !hours.Equals(outcome.TimeHours));

    public static bool Uses(string trialId, string use)
        => All.Any(item => string.Equals(item.TrialId, trialId, StringComparison.Ordinal) && string.Equals(item.Use, use, StringComparison.Ordinal));

    /// <summary>Numbers read in the publication, or computed from it; not recalled and not second-hand.</summary>
    public static bool IsFirstHand(Outcome outcome)
        => outcome.Status.StartsWith("VERIFIED", StringComparison.Ordinal) && !outcome.Status.StartsWith("VERIFIED-SECONDARY", StringComparison.Ordinal);

    private static List<CalibrationUse> Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Evidence/calibration.csv")
            ?? throw new EvidenceException("evidence-file-missing", "calibration.csv is not in this build.");
        using var reader = new StreamReader(stream);
        using var csv = new CsvReader(reader, CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        var uses = new List<CalibrationUse>();
        while (csv.Read())
            uses.Add(new CalibrationUse(csv.GetField("trial_id")!, csv.GetField("use")!, csv.GetField<double?>("hours"), csv.GetField("reason")!));
        return uses;
    }
}
