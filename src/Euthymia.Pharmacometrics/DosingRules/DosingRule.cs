using System.Globalization;
using System.Text.RegularExpressions;

namespace Euthymia.Pharmacometrics.DosingRules;

/// <summary>How a score is compared.</summary>
public enum RuleComparison
{
    /// <summary>Score &lt; limit.</summary>
    Below,

    /// <summary>Score &lt;= limit.</summary>
    AtMost,

    /// <summary>Score &gt;= limit.</summary>
    AtLeast,

    /// <summary>Score &gt; limit.</summary>
    Above,
}

/// <summary>What a rule does to the sessions still to come: those that start at or after the observation.</summary>
public enum RuleAction
{
    /// <summary>Leaves out the next so many.</summary>
    Skip,

    /// <summary>Lowers the dose of all by so many percent.</summary>
    Reduce,

    /// <summary>Leaves out all; no later rule is looked at.</summary>
    Stop,

    /// <summary>Adds so many after the last, at the dose of the last and the interval between the last two.</summary>
    Extend,
}

/// <summary>
/// A dosing rule that answers to an observed score: <c>if MADRS at day 14 &gt; 0.5 baseline then extend 2</c>. Actions are
/// <c>skip 1</c>, <c>reduce 25%</c>, <c>stop</c>, <c>extend 2</c> and <c>extend 2 every 7 days</c>.
/// </summary>
/// <param name="Text">As it was written.</param>
/// <param name="Day">Day of the observation, from the first session.</param>
/// <param name="Comparison">Of the observed score with the limit.</param>
/// <param name="Limit">In points, or as a multiple of the observed baseline.</param>
/// <param name="OfBaseline">Whether the limit is a multiple of the baseline.</param>
/// <param name="Action">What happens when the comparison holds.</param>
/// <param name="Amount">Sessions, or percent; 0 for a stop.</param>
/// <param name="EveryDays">Interval of added sessions in days; null for that between the last two.</param>
public sealed partial record DosingRule(
    string Text, double Day, RuleComparison Comparison, double Limit, bool OfBaseline, RuleAction Action, double Amount, double? EveryDays)
{
    private const string Example = "Write it like \"if MADRS at day 14 > 0.5 baseline then extend 2\"; other actions are skip 1, reduce 25%, stop, extend 2 every 7 days.";
    private const int MostSessions = 100;
    private const double LastDay = 3660;

    [GeneratedRegex(
        @"^if\s+madrs\s+(at|on)\s+day\s+(?<day>[0-9]{1,4}(\.[0-9]{1,4})?)\s*(?<op><=|>=|<|>)\s*(?<limit>[0-9]{1,3}(\.[0-9]{1,4})?)(?<base>\s*(x\s*|of\s+)?baseline)?"
        + @"\s+then\s+((?<skip>skip)\s+(?<n>[0-9]{1,3})|(?<reduce>reduce)\s+(by\s+)?(?<n>[0-9]{1,3}(\.[0-9]{1,2})?)\s*%|(?<stop>stop)"
        + @"|(?<extend>extend)\s+(by\s+)?(?<n>[0-9]{1,3})(\s+every\s+(?<every>[0-9]{1,3}(\.[0-9]{1,4})?)\s+days?)?)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();

    /// <summary>Reads a rule.</summary>
    /// <param name="text">As in the summary of this type.</param>
    /// <exception cref="InvalidInputException">Field <c>rule</c>; the message quotes what was not understood.</exception>
    public static DosingRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var match = text.Length > 200 ? Match.Empty : Pattern().Match(text.Trim());
        if (!match.Success)
            throw Error("rule-not-understood", $"\"{text[..Math.Min(text.Length, 200)]}\" is not understood.");
        var action = match.Groups["skip"].Success ? RuleAction.Skip
            : match.Groups["reduce"].Success ? RuleAction.Reduce
            : match.Groups["stop"].Success ? RuleAction.Stop : RuleAction.Extend;
        var amount = action == RuleAction.Stop ? 0 : Number(match, "n");
        if (action == RuleAction.Reduce && amount is not (> 0 and < 100))
            throw Error("rule-amount", "A dose is reduced by more than 0 and less than 100 %: to end a course write stop.");
        if (action is RuleAction.Skip or RuleAction.Extend && amount is not (>= 1 and <= MostSessions))
            throw Error("rule-amount", $"Skip or extend by 1 to {MostSessions} sessions.");
        double? every = match.Groups["every"].Success ? Number(match, "every") : null;
        if (every is <= 0 || Number(match, "day") > LastDay)
            throw Error("rule-day", "The interval must be above zero and the day within ten years.");
        return new DosingRule(text.Trim(), Number(match, "day"), Comparisons(match.Groups["op"].Value), Number(match, "limit"), match.Groups["base"].Success, action, amount, every);
    }

    /// <summary>Whether the rule applies.</summary>
    /// <param name="score">Observed at <see cref="Day"/>.</param>
    /// <param name="baseline">Observed before the course.</param>
    public bool Holds(double score, double baseline)
    {
        var limit = OfBaseline ? Limit * baseline : Limit;
        return Comparison switch
        {
            RuleComparison.Below => score < limit,
            RuleComparison.AtMost => score <= limit,
            RuleComparison.AtLeast => score >= limit,
            _ => score > limit,
        };
    }

    /// <summary>Applies the action to the sessions of one patient, in order of start; true when the course is stopped.</summary>
    /// <exception cref="InvalidInputException">An extension has no interval to go by.</exception>
    internal bool Apply(List<PlannedSession> sessions)
    {
        var now = Day * 24;
        var next = sessions.FindIndex(session => session.StartHours >= now);
        var coming = next < 0 ? 0 : sessions.Count - next;
        switch (Action)
        {
            case RuleAction.Skip when coming > 0:
                sessions.RemoveRange(next, Math.Min((int)Amount, coming));
                break;
            case RuleAction.Reduce:
                for (var i = sessions.Count - coming; i < sessions.Count; i++)
                    sessions[i] = sessions[i] with { DoseFraction = sessions[i].DoseFraction * (1 - Amount / 100) };
                break;
            case RuleAction.Stop:
                sessions.RemoveRange(sessions.Count - coming, coming);
                return true;
            case RuleAction.Extend when sessions.Count > 0:
                Extend(sessions, now);
                break;
        }

        return false;
    }

    private void Extend(List<PlannedSession> sessions, double now)
    {
        var last = sessions[^1];
        var interval = EveryDays * 24 ?? (sessions.Count > 1 ? last.StartHours - sessions[^2].StartHours : 0);
        if (interval <= 0)
            throw Error("rule-interval", $"\"{Text}\" has no two sessions to take an interval from: write extend {Amount:0} every 7 days.");
        // Nothing can be given before it was decided.
        var first = Math.Max(last.StartHours + interval, now);
        for (var i = 0; i < (int)Amount; i++)
            sessions.Add(last with { StartHours = first + i * interval });
    }

    private static RuleComparison Comparisons(string text) => text switch
    {
        "<" => RuleComparison.Below,
        "<=" => RuleComparison.AtMost,
        ">=" => RuleComparison.AtLeast,
        _ => RuleComparison.Above,
    };

    private static double Number(Match match, string group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static InvalidInputException Error(string code, string problem) => new(code, "rule", $"{problem} {Example}");
}

/// <summary>A session that is planned for a patient.</summary>
/// <param name="StartHours">From the first session.</param>
/// <param name="Part">Which part of the order it is of.</param>
/// <param name="DoseFraction">Of the ordered dose.</param>
internal readonly record struct PlannedSession(double StartHours, int Part, double DoseFraction);
