namespace Euthymia.Pharmacometrics;

/// <summary>How a dose enters the body.</summary>
public enum Route
{
    /// <summary>Into a vein over a time.</summary>
    IntravenousInfusion,

    /// <summary>Into a vein at once.</summary>
    IntravenousBolus,

    /// <summary>Into a muscle.</summary>
    Intramuscular,

    /// <summary>Under the skin.</summary>
    Subcutaneous,

    /// <summary>Sprayed into the nose; a part is swallowed.</summary>
    Intranasal,

    /// <summary>Swallowed.</summary>
    Oral,

    /// <summary>Under the tongue; a part is swallowed.</summary>
    Sublingual,
}

/// <summary>A stretch of time over which the rate was constant.</summary>
/// <param name="Start">From the start of the course's first infusion; not negative.</param>
/// <param name="Duration">Longer than zero.</param>
/// <param name="Rate">Drug base in mg/h; zero is a pause.</param>
public sealed record RateSegment(TimeSpan Start, TimeSpan Duration, MilligramsPerHour Rate)
{
    /// <summary>When the segment stops, from the start of the course.</summary>
    public TimeSpan End => Start + Duration;

    /// <summary>Drug given by the segment.</summary>
    public Milligrams Dose => Rate * Duration;
}

/// <summary>One administration over a time: rate segments in order, not overlapping, gaps allowed (a stopped pump).</summary>
public sealed record Infusion
{
    /// <summary>An infusion as it was, or will be, given.</summary>
    /// <param name="segments">At least one; sorted by start here.</param>
    /// <exception cref="InvalidInputException">No segment, a negative start or rate, a duration of zero, or two segments at once.</exception>
    public Infusion(IEnumerable<RateSegment> segments)
    {
        Segments = [.. segments.OrderBy(segment => segment.Start)];
        if (Segments.Count == 0)
            throw new InvalidInputException("infusion-empty", "segments", "An infusion needs at least one rate segment.");
        for (var i = 0; i < Segments.Count; i++)
        {
            var segment = Segments[i];
            if (segment.Start < TimeSpan.Zero)
                throw new InvalidInputException("segment-start-negative", "start", "A rate segment starts before the course: count its start from the first infusion.");
            if (segment.Duration <= TimeSpan.Zero)
                throw new InvalidInputException("duration-not-positive", "duration", "The duration must be longer than zero.");
            if (segment.Rate.Value < 0)
                throw new InvalidInputException("rate-negative", "rate", "The rate must be zero (a pause) or more.");
            if (i > 0 && segment.Start < Segments[i - 1].End)
                throw new InvalidInputException("segments-overlap", "segments", "Two rate segments of one infusion overlap: end the first before the second starts.");
        }
    }

    /// <summary>In order of start.</summary>
    public IReadOnlyList<RateSegment> Segments { get; }

    /// <summary>From the start of the course.</summary>
    public TimeSpan Start => Segments[0].Start;

    /// <summary>From the start of the course.</summary>
    public TimeSpan End => Segments[^1].End;

    /// <summary>Drug given by the whole infusion.</summary>
    public Milligrams Dose => Segments.Aggregate(new Milligrams(0), (sum, segment) => sum + segment.Dose);

    /// <summary>One segment of constant rate.</summary>
    /// <exception cref="InvalidInputException">The dose or duration is not positive, or the start is negative.</exception>
    public static Infusion Constant(TimeSpan start, Milligrams dose, TimeSpan duration)
    {
        if (dose.Value <= 0)
            throw new InvalidInputException("dose-not-positive", "dose", "The dose must be more than zero.");
        if (duration <= TimeSpan.Zero)
            throw new InvalidInputException("duration-not-positive", "duration", "The duration must be longer than zero.");
        return new Infusion([new RateSegment(start, duration, dose / duration)]);
    }

    /// <summary>Equal when every segment is.</summary>
    public bool Equals(Infusion? other) => other is not null && Segments.SequenceEqual(other.Segments);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Segments.Count, Segments[0]);
}

/// <summary>The infusions of a course, as data, in order of start. They may overlap: rates then add.</summary>
public sealed record Regimen
{
    /// <summary>A course of these infusions.</summary>
    /// <exception cref="InvalidInputException">There is no infusion.</exception>
    public Regimen(IEnumerable<Infusion> infusions)
    {
        Infusions = [.. infusions.OrderBy(infusion => infusion.Start)];
        if (Infusions.Count == 0)
            throw new InvalidInputException("regimen-empty", "regimen", "A regimen needs at least one infusion.");
    }

    /// <summary>In order of start.</summary>
    public IReadOnlyList<Infusion> Infusions { get; }

    /// <summary>When the last infusion stops, from the start of the course.</summary>
    public TimeSpan End => Infusions.Max(infusion => infusion.End);

    /// <summary>Drug given by the whole course.</summary>
    public Milligrams Dose => Infusions.Aggregate(new Milligrams(0), (sum, infusion) => sum + infusion.Dose);

    /// <summary>Equal when every infusion is.</summary>
    public bool Equals(Regimen? other) => other is not null && Infusions.SequenceEqual(other.Infusions);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Infusions.Count, Infusions[0]);
}
