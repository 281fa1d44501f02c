using System.Text.Json.Serialization;

namespace Euthymia.Clinic;

/// <summary>Why a reading is doubted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DoubtReason>))]
public enum DoubtReason
{
    /// <summary>The patient moved.</summary>
    Motion,

    /// <summary>The cuff: its size, its place, the arm.</summary>
    Cuff,

    /// <summary>A line was flushed.</summary>
    LineFlush,

    /// <summary>A probe or an electrode was off.</summary>
    ProbeOff,

    /// <summary>Something else, in words.</summary>
    Other,
}

/// <summary>What of a set of readings can be doubted by itself. A blood pressure is one measurement with two numbers.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReadingPart>))]
public enum ReadingPart
{
    Pressure,
    HeartRate,
    OxygenSaturation,
    RespiratoryRate,
    Sedation,
    Dissociation,
    Nausea,
    Dizziness,
}

/// <summary>
/// The quality flag of a reading (hazard H28): a person says that it is not to be trusted, and why. The reading stays as it was
/// recorded and is shown with the flag; it counts for nothing that rests on readings until the flag is withdrawn by an amendment.
/// </summary>
/// <param name="EventId">The <see cref="Observed"/> event of the same visit.</param>
/// <param name="Part">The value that is doubted; null: the whole set.</param>
/// <param name="Cause">Why.</param>
/// <param name="Words">More about it; needed with <see cref="DoubtReason.Other"/>.</param>
public sealed record ReadingDoubted(Guid EventId, ReadingPart? Part, DoubtReason Cause, string? Words = null) : SessionEntry
{
    /// <summary>"BP: motion", as on every page and paper.</summary>
    public string Told => $"{DoubtWords.Of(Part)}: {DoubtWords.Of(Cause, Words)}";
}

/// <summary>The parts of a set of readings.</summary>
public static class ReadingParts
{
    /// <summary>The parts that were measured.</summary>
    public static IEnumerable<ReadingPart> Parts(this Readings readings) => Enum.GetValues<ReadingPart>().Where(readings.Has);

    public static bool Has(this Readings readings, ReadingPart part) => part switch
    {
        ReadingPart.Pressure => readings.Systolic is not null || readings.Diastolic is not null,
        ReadingPart.HeartRate => readings.HeartRate is not null,
        ReadingPart.OxygenSaturation => readings.OxygenSaturation is not null,
        ReadingPart.RespiratoryRate => readings.RespiratoryRate is not null,
        ReadingPart.Sedation => readings.Sedation is not null,
        ReadingPart.Dissociation => readings.Dissociation is not null,
        ReadingPart.Nausea => readings.Nausea is not null,
        ReadingPart.Dizziness => readings.Dizziness is not null,
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "No such part."),
    };

    /// <summary>The readings without a part, as if it had not been measured; with null nothing is left, not even the answer that there are no symptoms.</summary>
    internal static Readings Without(this Readings readings, ReadingPart? part) => part switch
    {
        null => new Readings(),
        ReadingPart.Pressure => readings with { Systolic = null, Diastolic = null },
        ReadingPart.HeartRate => readings with { HeartRate = null },
        ReadingPart.OxygenSaturation => readings with { OxygenSaturation = null },
        ReadingPart.RespiratoryRate => readings with { RespiratoryRate = null },
        ReadingPart.Sedation => readings with { Sedation = null },
        ReadingPart.Dissociation => readings with { Dissociation = null },
        ReadingPart.Nausea => readings with { Nausea = null },
        ReadingPart.Dizziness => readings with { Dizziness = null },
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "No such part."),
    };

    /// <summary>
    /// Since when a value of the set that the schedule asks for has been doubted without being taken anew; null when there is none.
    /// A doubted value has to be taken again at once, not when its interval is over.
    /// </summary>
    internal static DateTimeOffset? RetakeSince(IReadOnlyList<LogLine> log, DateTimeOffset? started)
    {
        if (started is null || log.All(l => l.Doubts.Count == 0))
            return null;
        DateTimeOffset? since = null;
        foreach (var part in (ReadingPart[])[ReadingPart.Pressure, ReadingPart.HeartRate, ReadingPart.OxygenSaturation, ReadingPart.Sedation])
        {
            if (LatestIfDoubted(log, part) is not { } last || last.ObservedAt < started)
                continue;
            var said = last.Doubts.Where(d => Doubts(d, part)).Min(d => d.ObservedAt);
            since = since < said ? since : said;
        }

        return since;
    }

    /// <summary>The latest reading of a part when it is doubted: what a place that shows the one before has to tell. Null when it counts, and when there is none.</summary>
    public static LogLine? LatestIfDoubted(IReadOnlyList<LogLine> log, ReadingPart part) =>
        log.LastOrDefault(l => l.Entry is Observed observed && observed.Readings.Has(part)) is { Sound: { } sound } last && !sound.Has(part) ? last : null;

    internal static bool Doubts(LogLine doubt, ReadingPart part) => doubt.Entry is ReadingDoubted doubted && (doubted.Part ?? part) == part;
}

/// <summary>How doubts are written, on pages and papers alike.</summary>
public static class DoubtWords
{
    /// <summary>The shape that stands before a doubted value; with it always the word.</summary>
    public const string Shape = "△";

    public static string Of(ReadingPart? part) => part switch
    {
        null => "whole set",
        ReadingPart.Pressure => "BP",
        ReadingPart.HeartRate => "HR",
        ReadingPart.OxygenSaturation => "SpO2",
        ReadingPart.RespiratoryRate => "breaths",
        _ => part.Value.ToString().ToLowerInvariant(),
    };

    public static string Of(DoubtReason reason) => reason switch
    {
        DoubtReason.Motion => "motion",
        DoubtReason.Cuff => "cuff",
        DoubtReason.LineFlush => "line flush",
        DoubtReason.ProbeOff => "probe off",
        _ => "other",
    };

    internal static string Of(DoubtReason reason, string? words) =>
        words is null ? Of(reason) : reason == DoubtReason.Other ? words : $"{Of(reason)}, {words}";

    /// <summary>"doubted: BP: motion (Nora Bell)", of all flags that hold; null when there is none.</summary>
    public static string? Of(LogLine line) => line.Doubts.Count == 0 ? null
        : $"doubted: {string.Join("; ", line.Doubts.Select(d => $"{((ReadingDoubted)d.Entry!).Told} ({d.Event.AuthorName})"))}";
}
