using System.Globalization;
using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>Where a check-in stands.</summary>
public enum CheckInState
{
    /// <summary>It cannot be answered yet.</summary>
    Planned,

    /// <summary>It can be answered, in time.</summary>
    Due,

    /// <summary>It can still be answered, late.</summary>
    Late,

    /// <summary>Answered, in time or late.</summary>
    Answered,

    /// <summary>Its moment is over. It is not asked again: the next check-in asks what is still owed.</summary>
    Missed,
}

/// <summary>What a check-in hangs on.</summary>
public enum CheckInReason
{
    BeforeVisit,
    DayAfterInfusion,
    AfterInfusions,
}

/// <summary>One moment at which a patient is asked.</summary>
/// <param name="Key">Names it, the same whenever the schedule is worked out: "after:2026-03-02T10:40:00Z:14".</param>
/// <param name="Reason">What it hangs on.</param>
/// <param name="OpensAt">From when it can be answered.</param>
/// <param name="DueAt">When it is meant.</param>
/// <param name="LateAt">From when an answer is late.</param>
/// <param name="EndsAt">From when it is missed.</param>
/// <param name="Ask">The instruments to answer, in order; none of them inside its own recall window.</param>
/// <param name="State">Where it stands.</param>
/// <param name="AnsweredAt">When the check-in itself was answered.</param>
/// <param name="StillToAnswer">Those of <paramref name="Ask"/> without an answer, while it is due or late.</param>
public sealed record CheckIn(
    string Key, CheckInReason Reason, DateTimeOffset OpensAt, DateTimeOffset DueAt, DateTimeOffset LateAt, DateTimeOffset EndsAt,
    IReadOnlyList<string> Ask, CheckInState State, DateTimeOffset? AnsweredAt, IReadOnlyList<string> StillToAnswer)
{
    public bool WasLate => AnsweredAt >= LateAt;
}

/// <summary>All that a schedule follows from.</summary>
/// <param name="InfusionEnds">When each infusion of the patient ended, in any order.</param>
/// <param name="Visits">When visits are or were planned, cancelled ones left out.</param>
/// <param name="Assessments">The patient's assessments, in any order.</param>
/// <param name="Clinic">Time zone and days.</param>
/// <param name="Rules">The clinic's rule settings (FUP-03).</param>
public sealed record ScheduleFacts(
    IReadOnlyList<DateTimeOffset> InfusionEnds, IReadOnlyList<DateTimeOffset> Visits, IReadOnlyList<Assessment> Assessments, ClinicSettings Clinic, RuleSettings Rules);

/// <summary>
/// When a patient is asked how they are: a pure function of what was given, what is planned, what was answered and the moment. Nothing of it is
/// stored, so nothing can be stored twice or get lost.
/// </summary>
public static class CheckInSchedule
{
    private const string CheckInId = "CHECK-IN";
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(60);
    private static readonly TimeSpan SameDay = TimeSpan.FromHours(12);

    /// <summary>All check-ins up to two months from now, oldest first.</summary>
    public static IReadOnlyList<CheckIn> Of(ScheduleFacts facts, DateTimeOffset now, CheckInPlan? plan = null)
    {
        plan ??= CheckInPlan.Current;
        var moments = Spaced(Moments(facts, now, plan), plan);
        var answers = facts.Assessments.GroupBy(a => a.InstrumentId, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(a => a.CompletedAt).Order().ToList(), StringComparer.Ordinal);
        var lastPlanned = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var schedule = new List<CheckIn>(moments.Count);
        for (var i = 0; i < moments.Count; i++)
        {
            var (key, reason, due) = moments[i];
            var opens = due.AddHours(-plan.OpensHoursEarly);
            var ends = due.AddHours(plan.MissedAfterHours);
            if (i + 1 < moments.Count && moments[i + 1].DueAt.AddHours(-plan.OpensHoursEarly) is var next && next < ends)
                ends = next; // windows never overlap, so that one answer belongs to one check-in
            var late = due.AddHours(plan.LateAfterHours);
            schedule.Add(Judge(new CheckIn(key, reason, opens, due, late < ends ? late : ends, ends, [], CheckInState.Planned, null, []), answers, lastPlanned, now, plan));
        }

        return schedule;
    }

    /// <summary>The check-in that can be answered now, or null.</summary>
    public static CheckIn? Current(IReadOnlyList<CheckIn> schedule) => schedule.FirstOrDefault(c => c.StillToAnswer.Count > 0);

    /// <summary>How many check-ins were missed in a row, up to the last one whose moment is over.</summary>
    public static int MissedInARow(IReadOnlyList<CheckIn> schedule) =>
        schedule.Where(c => c.State is CheckInState.Missed or CheckInState.Answered).Reverse().TakeWhile(c => c.State == CheckInState.Missed).Count();

    private static CheckIn Judge(
        CheckIn checkIn, Dictionary<string, List<DateTimeOffset>> answers, Dictionary<string, DateTimeOffset> lastPlanned, DateTimeOffset now, CheckInPlan plan)
    {
        var ask = plan.Instruments.Where(p => MayAsk(p, checkIn, answers, lastPlanned)).Select(p => p.Id).ToList();
        var answeredAt = First(answers, CheckInId, checkIn);
        var open = now >= checkIn.OpensAt && now < checkIn.EndsAt;
        List<string> left = open ? [.. ask.Where(id => First(answers, id, checkIn) is null)] : [];
        var state = answeredAt is not null ? CheckInState.Answered
            : now < checkIn.OpensAt ? CheckInState.Planned
            : now >= checkIn.EndsAt ? CheckInState.Missed
            : now >= checkIn.LateAt ? CheckInState.Late
            : CheckInState.Due;
        if (state is CheckInState.Planned or CheckInState.Due or CheckInState.Late)
        {
            foreach (var id in ask)
                lastPlanned[id] = checkIn.DueAt;
        }

        return checkIn with { Ask = ask, State = state, AnsweredAt = answeredAt, StillToAnswer = left };
    }

    /// <summary>
    /// True when, at the earliest moment of the check-in, the last answer (or the last one planned) lies as far back as the instrument's window.
    /// An answer inside this check-in does not count against it: it is the answer.
    /// </summary>
    private static bool MayAsk(PlannedInstrument planned, CheckIn checkIn, Dictionary<string, List<DateTimeOffset>> answers, Dictionary<string, DateTimeOffset> lastPlanned)
    {
        var days = CheckInPlan.LeastDays(planned);
        if (days == 0)
            return true;
        var window = TimeSpan.FromDays(days);
        if (answers.TryGetValue(planned.Id, out var times) && times.FindLastIndex(t => t < checkIn.OpensAt) is >= 0 and var last && checkIn.OpensAt - times[last] < window)
            return false;
        return !(lastPlanned.TryGetValue(planned.Id, out var asked) && checkIn.DueAt - asked < window);
    }

    /// <summary>The first answer of an instrument inside a check-in's window.</summary>
    private static DateTimeOffset? First(Dictionary<string, List<DateTimeOffset>> answers, string id, CheckIn checkIn) =>
        answers.TryGetValue(id, out var times) && times.FindIndex(t => t >= checkIn.OpensAt) is >= 0 and var first && times[first] < checkIn.EndsAt ? times[first] : null;

    private static List<(string Key, CheckInReason Reason, DateTimeOffset DueAt)> Moments(ScheduleFacts facts, DateTimeOffset now, CheckInPlan plan)
    {
        var until = now + Horizon;
        var ends = facts.InfusionEnds.Distinct().Order().ToList();
        var totals = facts.Assessments.Where(a => a.Total is not null && string.Equals(a.InstrumentId, Instrument.Phq9.Id, StringComparison.Ordinal))
            .OrderBy(a => a.CompletedAt).Select(a => (a.CompletedAt, a.Total!.Value)).ToList();
        List<(string, CheckInReason, DateTimeOffset)> moments = [];
        for (var i = 0; i < ends.Count; i++)
        {
            // A later infusion starts the count anew; until then the days after this one hold.
            var stop = i + 1 < ends.Count ? ends[i + 1] : until;
            moments.Add((Key("after", ends[i], 1), CheckInReason.DayAfterInfusion, ends[i].AddHours(plan.HoursAfterInfusion)));
            moments.AddRange(DaysAfter(facts, totals, plan, ends[i], stop)
                .Select(day => (Key("after", ends[i], day), CheckInReason.AfterInfusions, facts.Clinic.MomentOf(facts.Clinic.DayOf(ends[i]).AddDays(day), plan.LocalTime)))
                .Where(m => m.Item3 < stop));
        }

        // A visit whose time is over without an infusion (moved, missed) leaves its check-in behind: it was asked for.
        moments.AddRange(facts.Visits.Distinct().Where(visit => visit < until).Select(visit => (Key("before", visit, 0), CheckInReason.BeforeVisit, visit.AddHours(-plan.HoursBeforeVisit))));
        return moments;
    }

    /// <summary>Days after an infusion on which to ask: densest from day 7 to 28, weekly and two-weekly as FUP-03 says, then as seldom as holds.</summary>
    private static IEnumerable<int> DaysAfter(ScheduleFacts facts, List<(DateTimeOffset At, int Total)> totals, CheckInPlan plan, DateTimeOffset end, DateTimeOffset stop)
    {
        var rule = RuleBook.Get("FUP-03");
        int Limit(string parameter) => (int)facts.Rules.Value(rule, parameter);
        foreach (var dense in plan.DenseDays)
            yield return dense;
        for (var day = plan.DenseDays[^1]; day < plan.EndsAfterDays;)
        {
            day += day < Limit("weekly_until") ? Limit("first_interval") : day < Limit("until") ? Limit("later_interval")
                : Holds(facts, totals, end.AddDays(day)) ? plan.LaterIntervalDays : Limit("later_interval");
            if (end.AddDays(day - 1) > stop)
                yield break;
            yield return day;
        }
    }

    /// <summary>True when the last two totals before a moment show no rise that matters (FUP-06). Without two totals nothing is known to hold.</summary>
    private static bool Holds(ScheduleFacts facts, List<(DateTimeOffset At, int Total)> totals, DateTimeOffset moment)
    {
        var last = totals.FindLastIndex(t => t.At < moment);
        return last >= 1 && totals[last].Total - totals[last - 1].Total < facts.Rules.Value(RuleBook.Get("FUP-06"), "points");
    }

    /// <summary>Of two moments that lie too close together one stays: the day after an infusion before a visit's, a visit's before a day's.</summary>
    private static List<(string Key, CheckInReason Reason, DateTimeOffset DueAt)> Spaced(List<(string Key, CheckInReason Reason, DateTimeOffset DueAt)> moments, CheckInPlan plan)
    {
        var least = TimeSpan.FromHours(plan.LeastHoursBetween);
        List<(string Key, CheckInReason Reason, DateTimeOffset DueAt)> kept = [];
        foreach (var moment in moments.OrderBy(m => Rank(m.Reason)).ThenBy(m => m.DueAt))
        {
            // Infusions on following days each have their day after; two on one day share it.
            var apart = moment.Reason == CheckInReason.DayAfterInfusion ? SameDay : least;
            if (!kept.Exists(k => (k.DueAt - moment.DueAt).Duration() < apart))
                kept.Add(moment);
        }

        return [.. kept.OrderBy(m => m.DueAt)];
    }

    private static int Rank(CheckInReason reason) => reason switch
    {
        CheckInReason.DayAfterInfusion => 0,
        CheckInReason.BeforeVisit => 1,
        _ => 2,
    };

    private static string Key(string kind, DateTimeOffset anchor, int day) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}:{anchor.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fff}Z:{day}");
}
