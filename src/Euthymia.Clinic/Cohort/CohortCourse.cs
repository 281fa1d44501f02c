using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

/// <summary>One infusion as it was given, with what was seen at the chair.</summary>
/// <param name="StartedAt">When the pump started.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="DosePerKilogram">What was given, by the weight of the day.</param>
/// <param name="IsEarlyStop">True when it was stopped with less than nine tenths of the planned dose given.</param>
/// <param name="HighestSystolic">Highest reading, mmHg; null when none was taken.</param>
/// <param name="HighestDiastolic">Highest reading, mmHg; null when none was taken.</param>
/// <param name="SideEffects">As recorded.</param>
public sealed record CohortInfusion(
    DateTimeOffset StartedAt, DateTimeOffset EndedAt, MilligramsPerKilogram DosePerKilogram, bool IsEarlyStop,
    int? HighestSystolic, int? HighestDiastolic, IReadOnlyList<CohortSideEffect> SideEffects)
{
    /// <summary>Length of the infusion to the nearest minute, pauses included.</summary>
    public int Minutes => (int)Math.Round((EndedAt - StartedAt).TotalMinutes, MidpointRounding.AwayFromZero);
}

/// <summary>A side effect by its code; <see cref="Other"/> where it was typed in words.</summary>
public sealed record CohortSideEffect(string Effect, SideEffectGrade Grade, SideEffectOutcome Outcome, DateTimeOffset OnsetAt)
{
    public const string Other = "other, in words";

    // What the pads at the chair offer beside the rules' own signs. Anything else was typed and may name somebody.
    private static readonly string[] Offered = ["Nausea", "Headache", "Dizziness", "Palpitations", "Itching or rash", "Dissociation"];

    internal static CohortSideEffect Of(SideEffectLine line)
    {
        var named = line.Seen.Sign?.ToString() is { } sign ? Spaced(sign) : Offered.FirstOrDefault(o => string.Equals(o, line.Seen.Effect, StringComparison.OrdinalIgnoreCase))?.ToLowerInvariant();
        return new CohortSideEffect(named ?? Other, line.Grade, line.Outcome, line.OnsetAt);
    }

    // "SevereHeadache" is read as "severe headache".
    private static string Spaced(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? " " : "") + char.ToLowerInvariant(c) : c.ToString()));
}

/// <summary>A PHQ-9 total at a moment.</summary>
public readonly record struct CohortScore(DateTimeOffset At, int Total);

/// <summary>Check-ins that were asked for and whose moment is over.</summary>
public readonly record struct CheckInCount(int Asked, int Missed, int Late)
{
    public static CheckInCount operator +(CheckInCount a, CheckInCount b) => new(a.Asked + b.Asked, a.Missed + b.Missed, a.Late + b.Late);
}

/// <summary>One course of one patient as the clinic's results count it.</summary>
public sealed record CohortCourse
{
    public required Guid PatientId { get; init; }

    public required Guid CourseId { get; init; }

    public required Diagnosis Diagnosis { get; init; }

    public required RecordedSex Sex { get; init; }

    /// <summary>Completed years at the first infusion.</summary>
    public required int Age { get; init; }

    /// <summary>1 for the patient's first course in which something was infused.</summary>
    public required int Number { get; init; }

    /// <summary>Ordered dose and time: what the course is grouped by.</summary>
    public required CohortRegimen Regimen { get; init; }

    /// <summary>The clinic's day of the first infusion.</summary>
    public required DateOnly FirstDay { get; init; }

    /// <summary>In order of time; at least one.</summary>
    public required IReadOnlyList<CohortInfusion> Infusions { get; init; }

    /// <summary>True when no infusion of the course is still planned or running.</summary>
    public required bool IsOver { get; init; }

    /// <summary>The last PHQ-9 total at or before the first infusion, at most four weeks old.</summary>
    public int? Baseline { get; init; }

    /// <summary>PHQ-9 totals from the first infusion to the start of the patient's next course, in order of time.</summary>
    public IReadOnlyList<CohortScore> Scores { get; init; } = [];

    /// <summary>Check-ins of the same stretch by reason; null for a patient whom nobody asks (no own account and none ever answered).</summary>
    public IReadOnlyDictionary<CheckInReason, CheckInCount>? CheckIns { get; init; }

    /// <summary>How many of the patient's check-ins were missed in a row, up to the last one whose moment is over; null for a patient whom nobody asks.</summary>
    public int? MissedInARow { get; init; }

    public DateTimeOffset FirstInfusionAt => Infusions[0].StartedAt;

    public DateTimeOffset LastInfusionEnd => Infusions[^1].EndedAt;
}

/// <summary>What was ordered, as far as courses are grouped by it.</summary>
public sealed record CohortRegimen(decimal MilligramsPerKilogram, int Minutes)
{
    /// <summary>"0.5-40", for an address.</summary>
    public string Key => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{MilligramsPerKilogram:0.####}-{Minutes}");

    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{MilligramsPerKilogram:0.####} mg/kg over {Minutes} min");
}
