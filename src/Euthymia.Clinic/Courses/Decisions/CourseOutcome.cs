using System.Globalization;
using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic.Courses.Decisions;

/// <summary>How a patient stands on one scale.</summary>
public enum OutcomeKind
{
    /// <summary>No baseline or no later score on this scale: never read as "no response".</summary>
    NotAssessed,
    NoResponse,
    PartialResponse,
    Response,
    Remission,

    /// <summary>A response was there and is lost by the scale's definition.</summary>
    Relapse,
}

/// <summary>The outcome on one scale with what it rests on.</summary>
/// <param name="Scale">The instrument.</param>
/// <param name="Kind">Where the patient stands now.</param>
/// <param name="Baseline">Total before the first infusion of the course.</param>
/// <param name="Best">Lowest total since.</param>
/// <param name="Last">Latest total.</param>
/// <param name="FallPercent">From baseline to the latest, negative when it rose; null when not assessed.</param>
/// <param name="HasResponded">Whether any total since was a response or remission.</param>
/// <param name="Basis">The definition with its numbers and sources, in words.</param>
public sealed record CourseOutcome(string Scale, OutcomeKind Kind, ScoredDay? Baseline, ScoredDay? Best, ScoredDay? Last, decimal? FallPercent, bool HasResponded, string Basis)
{
    /// <summary>Works out the outcome on a scale.</summary>
    /// <param name="definition">The scale.</param>
    /// <param name="baseline">Last total at or before the first infusion; null when there is none.</param>
    /// <param name="since">Totals after it, in any order.</param>
    /// <param name="settings">The clinic's numbers.</param>
    public static CourseOutcome Of(ScaleDefinition definition, ScoredDay? baseline, IEnumerable<ScoredDay> since, RuleSettings settings)
    {
        List<ScoredDay> later = [.. since.OrderBy(day => day.At)];
        var basis = BasisOf(definition, settings);
        var (best, last) = (later.MinBy(day => day.Score), later.LastOrDefault());
        if (baseline is not { Score: > 0 } || last is null)
            return new CourseOutcome(definition.Id, OutcomeKind.NotAssessed, baseline, best, last, null, false, basis);
        var fall = Fall(baseline, last);
        var responded = later.Exists(day => Reached(definition, baseline, day, settings));
        return new CourseOutcome(definition.Id, KindOf(definition, baseline, later, responded, settings), baseline, best, last, fall, responded, basis);
    }

    private static OutcomeKind KindOf(ScaleDefinition definition, ScoredDay baseline, List<ScoredDay> later, bool responded, RuleSettings settings)
    {
        var last = later[^1];
        var fall = Fall(baseline, last);
        if (responded && HasRelapsed(definition, later, settings))
            return OutcomeKind.Relapse;
        if (IsRemission(definition, last, settings))
            return OutcomeKind.Remission;
        if (fall >= OutcomeDefinitions.Current.Response.In(settings))
            return OutcomeKind.Response;
        return fall >= OutcomeDefinitions.Current.PartialResponse.In(settings) ? OutcomeKind.PartialResponse : OutcomeKind.NoResponse;
    }

    /// <summary>The trailing run of high totals holds two, as far apart as the definition asks.</summary>
    private static bool HasRelapsed(ScaleDefinition definition, List<ScoredDay> later, RuleSettings settings)
    {
        var limit = definition.Relapse.In(settings);
        if (definition.Relapse.Above is { } above)
            limit = Math.Max(limit, later.Min(day => day.Score) + above.In(settings));
        var run = later.AsEnumerable().Reverse().TakeWhile(day => day.Score >= limit).ToList();
        return run.Count >= 2 && (run[0].At - run[^1].At).TotalDays >= (double)(definition.Relapse.Apart?.In(settings) ?? 0);
    }

    private static bool Reached(ScaleDefinition definition, ScoredDay baseline, ScoredDay day, RuleSettings settings)
        => IsRemission(definition, day, settings) || Fall(baseline, day) >= OutcomeDefinitions.Current.Response.In(settings);

    private static bool IsRemission(ScaleDefinition definition, ScoredDay day, RuleSettings settings)
        => definition.Remission.Below ? day.Score < definition.Remission.In(settings) : day.Score <= definition.Remission.In(settings);

    private static decimal Fall(ScoredDay baseline, ScoredDay day) => (baseline.Score - day.Score) / baseline.Score * 100;

    private static string BasisOf(ScaleDefinition definition, RuleSettings settings)
    {
        var all = OutcomeDefinitions.Current;
        static string Number(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);
        var above = definition.Relapse.Above is { } rise ? $" and {Number(rise.In(settings))} above the best" : "";
        var apart = definition.Relapse.Apart is { } days ? $"on two readings {Number(days.In(settings))} days apart" : "twice in a row";
        return $"Response: a fall of at least {Number(all.Response.In(settings))} % ({all.Response.Basis}); partial: at least {Number(all.PartialResponse.In(settings))} % ({all.PartialResponse.Basis}); "
            + $"remission: {(definition.Remission.Below ? "below" : "at most")} {Number(definition.Remission.In(settings))} ({definition.Remission.Basis}); "
            + $"relapse after a response: at least {Number(definition.Relapse.In(settings))}{above}, {apart} ({definition.Relapse.Basis}).";
    }
}
