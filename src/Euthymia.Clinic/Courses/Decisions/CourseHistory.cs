using Euthymia.Clinic.Forecasts;
using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic.Courses.Decisions;

/// <summary>One infusion as given, with the scores around it on the patient's main scale. Null where nobody asked.</summary>
/// <param name="VisitId">Its visit.</param>
/// <param name="CourseId">Its course.</param>
/// <param name="Number">Within its course, from 1.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Milligrams">As given.</param>
/// <param name="DosePerKilogram">mg/kg of the weight of the day.</param>
/// <param name="DaysSinceLast">Since the infusion before; null for the first ever.</param>
/// <param name="Before">Latest score in the two weeks before it.</param>
/// <param name="After">First score from half a day to a week after it, before the next infusion.</param>
/// <param name="ReliefDays">Days until a score had lost half of the fall; null when none had before the next infusion.</param>
public sealed record InfusionEffect(
    Guid VisitId, Guid CourseId, int Number, DateTimeOffset StartedAt, DateTimeOffset EndedAt, decimal Milligrams, decimal DosePerKilogram,
    decimal? DaysSinceLast, ScoredDay? Before, ScoredDay? After, decimal? ReliefDays)
{
    /// <summary>Points by which the score fell; null when not assessed.</summary>
    public decimal? Fall => Before is not null && After is not null ? Before.Score - After.Score : null;
}

/// <summary>All infusions of a patient with what they did, and the totals of each depression scale: what the rules of a course look at.</summary>
public sealed record CourseHistory(IReadOnlyList<InfusionEffect> Infusions, IReadOnlyDictionary<string, IReadOnlyList<ScoredDay>> Scores, string MainScale)
{
    /// <summary>An infusion at least so many days after the one before belongs to maintenance: in acute courses they are two or three days apart.</summary>
    public const int MaintenanceFromDays = 6;

    private static readonly TimeSpan BeforeWindow = TimeSpan.FromDays(14);
    private static readonly TimeSpan AfterFrom = TimeSpan.FromHours(12);
    private static readonly TimeSpan AfterTo = TimeSpan.FromDays(7);
    private static readonly TimeSpan BaselineWindow = TimeSpan.FromDays(28);

    /// <summary>Reads a patient's record at a moment. Infusions that have not ended count with what was given so far.</summary>
    /// <param name="story">The patient.</param>
    /// <param name="now">The moment.</param>
    public static CourseHistory Of(RecordedHistory story, DateTimeOffset now)
    {
        var scores = story.Assessments.Where(a => a.Total is not null && a.CompletedAt <= now && OutcomeDefinitions.Current.Of(a.InstrumentId) is not null)
            .GroupBy(a => a.InstrumentId, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => (IReadOnlyList<ScoredDay>)[.. g.OrderBy(a => a.CompletedAt).Select(a => new ScoredDay(a.CompletedAt, a.Total!.Value))], StringComparer.Ordinal);
        // The scale that was asked most often tells most about single infusions; PHQ-9 where none was.
        var main = scores.OrderByDescending(s => s.Value.Count).ThenBy(s => s.Key, StringComparer.Ordinal).Select(s => s.Key).FirstOrDefault(Instrument.Phq9.Id);
        var given = story.Visits.Select(v => (Visit: v, State: VisitFold.Of(v, v.Events, now))).Where(x => x.State is { StartedAt: not null, DoseGiven.Value: > 0 }).OrderBy(x => x.State.StartedAt).ToList();
        var onMain = scores.GetValueOrDefault(main) ?? [];
        var fallback = story.Patient.CurrentWeight?.Weight.Value;
        List<InfusionEffect> effects = [];
        for (var i = 0; i < given.Count; i++)
        {
            var (visit, state) = given[i];
            var start = state.StartedAt!.Value;
            var next = i + 1 < given.Count ? given[i + 1].State.StartedAt!.Value : DateTimeOffset.MaxValue;
            var before = onMain.LastOrDefault(s => s.At <= start && s.At >= start - BeforeWindow);
            var after = onMain.FirstOrDefault(s => s.At >= start + AfterFrom && s.At <= start + AfterTo && s.At < next);
            var weight = state.Sheets.Weight?.Value ?? fallback;
            effects.Add(new InfusionEffect(
                visit.Id, visit.CourseId, visit.NumberInCourse, start, state.EndedAt ?? state.At, state.DoseGiven.Value, weight is > 0 ? state.DoseGiven.Value / weight.Value : 0,
                i == 0 ? null : (decimal)(start - given[i - 1].State.StartedAt!.Value).TotalDays, before, after, Relief(onMain, before, after, start, next)));
        }

        return new CourseHistory(effects, scores, main);
    }

    /// <summary>The infusions of maintenance, oldest first.</summary>
    public IEnumerable<InfusionEffect> Maintenance => Infusions.Where(i => i.DaysSinceLast >= MaintenanceFromDays);

    /// <summary>The outcome of a course on every scale that has totals since its first infusion, the main scale first.</summary>
    /// <param name="courseId">The course.</param>
    /// <param name="settings">The clinic's numbers.</param>
    public IReadOnlyList<CourseOutcome> Outcomes(Guid courseId, RuleSettings settings)
    {
        var first = Infusions.FirstOrDefault(i => i.CourseId == courseId)?.StartedAt;
        return [.. OutcomeDefinitions.Current.Scales.Where(d => Scores.ContainsKey(d.Id) || string.Equals(d.Id, MainScale, StringComparison.Ordinal))
            .OrderByDescending(d => string.Equals(d.Id, MainScale, StringComparison.Ordinal))
            .Select(d => CourseOutcome.Of(d, Baseline(d.Id, first), first is null ? [] : (Scores.GetValueOrDefault(d.Id) ?? []).Where(s => s.At > first), settings))];
    }

    /// <summary>The last total in the four weeks up to a moment; null without one.</summary>
    public ScoredDay? Baseline(string scale, DateTimeOffset? first) =>
        first is { } start ? (Scores.GetValueOrDefault(scale) ?? []).LastOrDefault(s => s.At <= start && s.At >= start - BaselineWindow) : Scores.GetValueOrDefault(scale) is [.., var last] ? last : null;

    private static decimal? Relief(IReadOnlyList<ScoredDay> scores, ScoredDay? before, ScoredDay? after, DateTimeOffset start, DateTimeOffset next)
    {
        if (before is null || after is null || before.Score <= after.Score)
            return null;
        var lost = scores.FirstOrDefault(s => s.At > after.At && s.At <= next && s.Score > after.Score + ((before.Score - after.Score) / 2));
        return lost is null ? null : (decimal)(lost.At - start).TotalDays;
    }
}
