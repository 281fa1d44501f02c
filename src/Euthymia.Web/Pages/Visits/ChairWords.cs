using System.Globalization;
using Euthymia.Clinic;
using Euthymia.Web.Shared;

namespace Euthymia.Web.Pages.Visits;

/// <summary>How entries, times and amounts are written at the chair.</summary>
internal static class ChairWords
{
    public static string Of(VisitEntry? entry) => entry switch
    {
        null => "withdrawn",
        InfusionStarted started => $"started at {started.Rate}, {started.Volume} of {started.Concentration}",
        RateChanged changed => $"rate {changed.Rate}{Because(changed.Reason)}",
        InfusionPaused paused => $"paused{Because(paused.Reason)}",
        InfusionResumed => "resumed",
        InfusionStopped stopped => $"stopped{Because(stopped.Reason)}",
        VisitCompleted => "visit completed",
        Observed observed => $"{(observed.DeviceId is null ? "reading" : "monitor")} {Of(observed.Readings)}",
        Noted noted => noted.Text,
        SideEffectSeen seen => $"side effect: {seen.Effect}, {Of(seen.Grade)}, {Of(seen.Outcome)}{Because(seen.Action)}",
        SideEffectFollowed followed => $"side effect now {Of(followed.Grade)}, {Of(followed.Outcome)}{Because(followed.Action)}",
        RescueDrugGiven drug => $"{drug.Drug} {drug.Amount.ToString("0.####", CultureInfo.InvariantCulture)} {drug.Unit} {drug.Route}, ordered by {drug.OrderedBy}",
        AlarmAcknowledged acknowledged => $"alarm acknowledged{Because(acknowledged.Action)}",
        AudioPaused paused => $"sound paused for {paused.Seconds} s",
        MonitorConfirmed monitor => $"monitor {monitor.DeviceId} confirmed for this patient",
        MonitorReleased => "monitor released",
        ReadingDoubted doubted => $"reading doubted, {doubted.Told}",
        SheetEntry sheet => SheetWords.Of(sheet),
        _ => throw new ArgumentOutOfRangeException(nameof(entry), entry, "No words for this entry."),
    };

    /// <summary>A line of the log; of a doubt also which reading it is about.</summary>
    public static string Of(LogLine line, IReadOnlyList<LogLine> log, ClinicSettings clinic)
    {
        var entry = line.Entry ?? line.Event.Entry;
        var about = entry is ReadingDoubted doubted ? log.FirstOrDefault(l => l.Event.Id == doubted.EventId) : null;
        return about is null ? Of(entry) : $"{Of(entry)} (reading of {clinic.Clock(about.ObservedAt)})";
    }

    public static string Of(SideEffectGrade grade) => grade switch
    {
        SideEffectGrade.Mild => "mild",
        SideEffectGrade.Moderate => "moderate",
        SideEffectGrade.Severe => "severe",
        _ => "life-threatening",
    };

    public static string Of(SideEffectOutcome outcome) => outcome switch
    {
        SideEffectOutcome.Ongoing => "ongoing",
        SideEffectOutcome.Resolved => "resolved",
        _ => "transferred",
    };

    private static string Of(Readings readings) => string.Join(" · ", new[]
    {
        (readings.Systolic, readings.Diastolic) switch
        {
            (null, null) => null,
            var (high, low) => $"BP {high?.ToString(CultureInfo.InvariantCulture) ?? "–"}/{low?.ToString(CultureInfo.InvariantCulture) ?? "–"}",
        },
        Named("HR", readings.HeartRate),
        Named("SpO2", readings.OxygenSaturation, " %"),
        Named("sedation", readings.Sedation),
        Named("dissociation", readings.Dissociation, " of 4"),
        Named("nausea", readings.Nausea, "/10"),
        Named("dizziness", readings.Dizziness, "/10"),
        Named("breaths", readings.RespiratoryRate, "/min"),
        readings.NoSymptoms is true ? "no symptoms" : null,
    }.OfType<string>());

    /// <summary>"22:10", or "1:02:10" from an hour on.</summary>
    public static string Clock(TimeSpan time) => time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);

    /// <summary>One decimal, enough to see a pump run.</summary>
    public static string Tenth(decimal value) => decimal.Round(value, 1, MidpointRounding.AwayFromZero).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Because(string? reason) => reason is null ? "" : $": {reason}";

    private static string? Named(string name, int? value, string after = "") =>
        value is { } number ? string.Create(CultureInfo.InvariantCulture, $"{name} {number}{after}") : null;
}
