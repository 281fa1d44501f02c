using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

/// <summary>The vital signs of one reading before the start or after the end.</summary>
public sealed record SheetReading(DateTimeOffset At, Readings Readings, string AuthorName);

/// <summary>Drug wasted, with the person who saw it.</summary>
public sealed record Waste(LogLine Line, DrugWasted Entry, VisitEvent? WitnessedBy);

/// <summary>The entries of one person at the pump.</summary>
public sealed record PumpCheck(LogLine Line, PumpEntered Entry)
{
    public Guid Person => Line.Event.AuthorId;
}

/// <summary>
/// The sheets around an infusion, folded from the visit's log in the order of observation: the later answer holds.
/// An answer observed after the start does not count as given before it.
/// </summary>
public sealed record VisitSheets
{
    public static VisitSheets Empty { get; } = new();

    public BeforeAnswers Before { get; init; } = new();

    /// <summary>Today's weight; null until the patient was weighed.</summary>
    public LogLine? Weighing { get; init; }

    public Kilograms? Weight => (Weighing?.Entry as Weighed)?.Weight;

    public IReadOnlyList<LogLine> Overrides { get; init; } = [];

    /// <summary>Readings before the start that hold a blood pressure, oldest first; without what is doubted.</summary>
    public IReadOnlyList<SheetReading> Baseline { get; init; } = [];

    /// <summary>Readings after the end of the infusion, oldest first; without what is doubted.</summary>
    public IReadOnlyList<SheetReading> Recovery { get; init; } = [];

    /// <summary>Every vial taken for this visit.</summary>
    public IReadOnlyList<LogLine> Preparations { get; init; } = [];

    public DrugPrepared? Prepared => Preparations.Count == 0 ? null : (DrugPrepared?)Preparations[^1].Entry;

    /// <summary>The numbers of the person who entered them first since the last weighing and preparation.</summary>
    public PumpCheck? FirstCheck { get; init; }

    /// <summary>The numbers of another person.</summary>
    public PumpCheck? SecondCheck { get; init; }

    public IReadOnlyList<Waste> Wastes { get; init; } = [];

    public IReadOnlyList<LogLine> Returns { get; init; } = [];

    public LogLine? RecoveryScore { get; init; }

    public int? Aldrete => (RecoveryScore?.Entry as RecoveryScored)?.Total;

    public LogLine? HomeReadiness { get; init; }

    public int? Pads => (HomeReadiness?.Entry as HomeReadinessScored)?.Total;

    public AfterAnswers After { get; init; } = new();

    public IReadOnlyList<LogLine> DischargeOverrides { get; init; } = [];

    public IReadOnlyList<LogLine> Signatures { get; init; } = [];

    /// <summary>Every sheet entry that holds, for "by whom and when".</summary>
    public IReadOnlyList<LogLine> Lines { get; init; } = [];

    /// <summary>Who gave the latest of these answers before the infusion; null when nobody did.</summary>
    public LogLine? AnsweredBefore(Func<BeforeAnswers, object?> answer) =>
        Lines.LastOrDefault(l => l.Entry is CheckedBefore before && answer(before.Answers) is not null);

    /// <summary>Who gave the latest of these answers after the infusion; null when nobody did.</summary>
    public LogLine? AnsweredAfter(Func<AfterAnswers, object?> answer) =>
        Lines.LastOrDefault(l => l.Entry is CheckedAfter after && answer(after.Answers) is not null);

    internal static VisitSheets Of(IReadOnlyList<LogLine> log, DateTimeOffset? started, DateTimeOffset? ended)
    {
        var lines = log.Where(l => l.Entry is SheetEntry).ToList();
        var before = lines.Where(l => started is null || l.ObservedAt <= started).ToList();
        var weighing = before.LastOrDefault(l => l.Entry is Weighed);
        var preparations = lines.Where(l => l.Entry is DrugPrepared).ToList();
        var changed = before.FindLastIndex(l => l.Entry is Weighed or DrugPrepared);
        var checks = before.Skip(changed + 1).Where(l => l.Entry is PumpEntered).Select(l => new PumpCheck(l, (PumpEntered)l.Entry!)).ToList();
        return new VisitSheets
        {
            Lines = lines,
            Before = before.Select(l => l.Entry).OfType<CheckedBefore>().Aggregate(new BeforeAnswers(), (all, next) => all.With(next.Answers)),
            Weighing = weighing,
            Overrides = [.. before.Where(l => l.Entry is StopOverridden)],
            Baseline = [.. Pressures(log, l => started is null || l.ObservedAt <= started)],
            Recovery = ended is null ? [] : [.. ReadingsOf(log, l => l.ObservedAt >= ended)],
            Preparations = preparations,
            FirstCheck = checks.LastOrDefault(c => c.Person == checks[0].Person),
            SecondCheck = checks.LastOrDefault(c => c.Person != checks[0].Person),
            Wastes = [.. lines.Where(l => l.Entry is DrugWasted).Select(l => new Waste(l, (DrugWasted)l.Entry!, WitnessOf(l, lines)))],
            Returns = [.. lines.Where(l => l.Entry is DrugReturned)],
            RecoveryScore = lines.LastOrDefault(l => l.Entry is RecoveryScored && IsAfter(l, ended)),
            HomeReadiness = lines.LastOrDefault(l => l.Entry is HomeReadinessScored && IsAfter(l, ended)),
            After = lines.Where(l => IsAfter(l, ended)).Select(l => l.Entry).OfType<CheckedAfter>().Aggregate(new AfterAnswers(), (all, next) => all.With(next.Answers)),
            DischargeOverrides = [.. lines.Where(l => l.Entry is DischargeOverridden)],
            Signatures = [.. lines.Where(l => l.Entry is SignedOff)],
        };
    }

    private static bool IsAfter(LogLine line, DateTimeOffset? ended) => ended is { } end && line.ObservedAt >= end;

    private static IEnumerable<SheetReading> ReadingsOf(IEnumerable<LogLine> log, Func<LogLine, bool> when) =>
        log.Where(l => l.Entry is Observed && when(l)).Select(l => new SheetReading(l.ObservedAt, l.Sound!, l.Event.AuthorName));

    private static IEnumerable<SheetReading> Pressures(IEnumerable<LogLine> log, Func<LogLine, bool> when) =>
        ReadingsOf(log, when).Where(r => r.Readings is { Systolic: not null, Diastolic: not null });

    // A witness saw the amount of then: a later correction has to be witnessed again.
    private static VisitEvent? WitnessOf(LogLine waste, List<LogLine> lines) => lines
        .Where(l => l.Entry is Witnessed witnessed && witnessed.EventId == waste.Event.Id && l.Event.AuthorId != (waste.AmendedBy ?? waste.Event).AuthorId
            && (waste.AmendedBy is not { } amended || l.Event.Number > amended.Number))
        .Select(l => l.Event).LastOrDefault();
}
