using System.Globalization;
using Euthymia.Clinic;
using Euthymia.Trials.Statistics;
using Euthymia.Web.Components.Charts;

namespace Euthymia.Web.Pages.Cohort;

/// <summary>The sentences, rows and tables of the results page. What may not be shown is said as such; nothing is worked out here but roundings.</summary>
public static class ResultsWords
{
    private const string Hidden = "hidden: too few";
    private const string HiddenWithAnother = "hidden with another";

    /// <summary>A count of people, or that it is small.</summary>
    public static string Few(int count) => SmallCells.IsSmall(count) ? $"fewer than {SmallCells.Least}" : Whole(count);

    /// <summary>"62 % (54 to 70 %)".</summary>
    public static string Percent(Interval interval) => $"{Percent(interval.Estimate)} % ({Percent(interval.Low)} to {Percent(interval.High)} %)";

    /// <summary>A share in words; where one side of it is small, only on which side of a bound it lies.</summary>
    public static string Of(Share share) => share switch
    {
        { Interval: { } interval } => Percent(interval),
        { HasGroup: false } => Hidden,
        _ when SmallCells.IsSmall(share.Count) && SmallCells.IsSmall(share.N - share.Count) => Hidden,
        _ when SmallCells.IsSmall(share.Count) => $"under {Whole((int)Math.Ceiling(100.0 * SmallCells.Least / share.N))} %",
        _ => $"over {Whole((int)Math.Floor(100.0 * (share.N - SmallCells.Least) / share.N))} %",
    };

    public static string Sentence(OutcomeResult result, string did, string how)
    {
        var missing = result.NotAssessed == 0 ? "All whose course is over were assessed." : $"Not assessed: {Few(result.NotAssessed)}.";
        if (!result.Of.HasGroup)
            return $"Fewer than {SmallCells.Least} patients were assessed at the end of their course, so nothing is shown. {missing}";
        return $"{Of(result.Of)} of {Whole(result.Of.N)} patients who were assessed at the end of their course {did}: {how}. {missing}";
    }

    public static string Sentence(SurvivalResult relapse)
    {
        var shown = relapse.Groups.Where(g => g.Curve is not null).ToList();
        if (shown.Count == 0)
            return $"Fewer than {SmallCells.Least} responders were followed, so nothing is shown.";
        var parts = shown.Select(g => (g.Curve!.Median is { } median && median <= g.ShownDays
            ? $"{Named(shown, g)}half had relapsed {Whole((int)Math.Round(median))} days after the last infusion"
            : $"{Named(shown, g)}{Percent(g.Curve.IntervalAt(g.ShownDays))} were free of relapse after {Whole((int)g.ShownDays)} days, as far as at least {SmallCells.Least} were observed"));
        var test = relapse.Test is { Degrees: > 0 } compared ? $" Log-rank test over the groups shown: p {P(compared.PValue)}, chi-square {Number(compared.ChiSquare)} on {compared.Degrees} {(compared.Degrees == 1 ? "degree" : "degrees")} of freedom." : "";
        return $"Of {Whole(shown.Sum(g => g.N))} responders followed: {string.Join("; ", parts)}.{test}";
    }

    public static string Sentence(IReadOnlyList<SideEffectResult> effects, int infusions)
    {
        var shown = effects.Where(e => e.Patients.IsShown && e.Patients.Count > 0).Take(3).Select(e => $"{e.Effect} in {Percent(e.Patients.Interval!.Value.Estimate)} % of patients").ToList();
        return $"{Whole(infusions)} infusions were given. " + (shown.Count == 0 ? "No side effect was recorded in enough patients to be shown." : $"Most often recorded: {string.Join(", ", shown)}. What was not recorded is not counted.");
    }

    public static string Sentence(IReadOnlyList<CheckInResult> checkIns) => checkIns[0] is { Count: { } count, Missed: { } missed, Patients: var patients }
        ? $"{Percent(missed)} of {Whole(count.Asked)} check-ins of {Whole(patients)} patients were missed."
        : $"Fewer than {SmallCells.Least} patients were asked for check-ins, so nothing is shown. Only patients with an own account, or who have answered before, are asked.";

    public static string Sentence(IReadOnlyList<BenefitFactor> factors)
    {
        var shown = factors.SelectMany(f => f.Groups).Where(g => g.Pooled is not null).ToList();
        return shown.Count == 0
            ? $"No two groups have at least {SmallCells.Least} assessed patients each, so nothing is shown."
            : $"Estimated response lies between {Percent(shown.Min(g => g.Pooled!.Value.Estimate))} and {Percent(shown.Max(g => g.Pooled!.Value.Estimate))} % across groups. Each estimate is drawn toward the whole clinic by as much as its size leaves open; intervals that overlap widely show no difference.";
    }

    public static IReadOnlyList<ForestRow> Rows(OutcomeResult result, string own) =>
    [
        Row(own, result.Of),
        .. result.Published.Select(Row),
    ];

    public static IReadOnlyList<ForestRow> Rows(IReadOnlyList<SideEffectResult> effects) =>
        [.. effects.SelectMany(e => (ForestRow[])[Row(Capital(e.Effect), e.Patients), .. e.Published.Select(Row)])];

    public static IReadOnlyList<ForestRow> Rows(IReadOnlyList<CheckInResult> checkIns) =>
        [.. checkIns.Select(c => c.Missed is { } missed ? Row(Of(c.Reason), missed) : new ForestRow(Of(c.Reason), Hidden))];

    public static IReadOnlyList<ForestRow> Rows(IReadOnlyList<BenefitFactor> factors) =>
        [.. factors.SelectMany(f => (ForestRow[])[new ForestRow(CohortGroups.Name(f.Factor), "", IsHeading: true),
            .. f.Groups.Select(g => g.Pooled is { } pooled ? Row(g.Name, pooled) : new ForestRow(g.Name, Hiding(g.N)))])];

    public static ChartTable Table(OutcomeResult result, string caption) => new(caption, ["Whose", "Share (95 % interval)", "Assessed", "What differs"],
        [["This clinic", Of(result.Of), Few(result.Of.N), "PHQ-9, within 14 days after the last infusion"], .. result.Published.Select(p => (IReadOnlyList<string>)[p.Citation, p.Value, "", $"{Capital(p.Differs)} ({p.Status})"])]);

    public static ChartTable Table(SurvivalResult relapse) => new("Free of relapse after the last infusion", ["Group", "Weeks", "Still observed", "Free of relapse (95 % interval)"],
        [
            .. relapse.Groups.SelectMany(g => g.Curve is null
                ? [[g.Name, "", "hidden", Hiding(g.N)]]
                : g.Rows.Where(r => r.AtRisk > 0).Select(r => (IReadOnlyList<string>)[g.Name, Whole(r.Week), Few(r.AtRisk), r.Survival is { } survival ? Free(survival) : Hidden])),
            .. relapse.Published.Select(p => (IReadOnlyList<string>)[$"Published: {p.Citation}", "", "", $"{p.Value} ({p.Differs}; {p.Status})"]),
        ]);

    public static ChartTable Table(IReadOnlyList<SideEffectResult> effects) => new("Side effects recorded at the chair", ["Side effect", "Patients (95 % interval)", "Infusions", "Severe, of patients", "Published"],
        [.. effects.Select(e => (IReadOnlyList<string>)[Capital(e.Effect), Of(e.Patients), Of(e.Infusions), e.Severe.N == 0 ? "not graded" : Of(e.Severe), e.Published.Count == 0 ? "none in the evidence library" : string.Join("; ", e.Published.Select(p => $"{p.Value}, {p.Short}, {p.Differs} ({p.Status})"))])]);

    public static ChartTable Table(IReadOnlyList<CheckInResult> checkIns) => new("Check-ins whose moment is over", ["Check-in", "Patients", "Asked", "Missed (95 % interval)", "Answered late"],
        [.. checkIns.Select(c => (IReadOnlyList<string>)[Of(c.Reason), Few(c.Patients), c.Count is { } count ? Whole(count.Asked) : Hidden, c.Missed is { } missed ? Percent(missed) : Hidden, c.Count is { } all ? $"{Percent((double)all.Late / all.Asked)} %" : Hidden])]);

    public static ChartTable Table(IReadOnlyList<BenefitFactor> factors) => new("Response by group, drawn toward the whole", ["Factor", "Group", "Patients assessed", "Response (95 % interval)"],
        [.. factors.SelectMany(f => f.Groups.Select(g => (IReadOnlyList<string>)[CohortGroups.Name(f.Factor), g.Name, g.Pooled is null ? "hidden" : Whole(g.N), g.Pooled is { } pooled ? Percent(pooled) : Hiding(g.N)]))]);

    /// <summary>The curves that may be drawn.</summary>
    public static IReadOnlyList<SurvivalCurve> Curves(SurvivalResult relapse) =>
        [.. relapse.Groups.Where(g => g.Curve is not null).Select(g => new SurvivalCurve(
            $"{g.Name} (n = {Whole(g.N)})", [.. g.Curve!.Steps.Select(s => new CurveStep(s.Time, s.Survival, s.Low, s.High))], g.ShownDays,
            [.. g.Rows.Select(r => (r.Week, r.AtRisk >= SmallCells.Least ? Whole(r.AtRisk) : r.AtRisk == 0 ? "0" : $"<{SmallCells.Least}"))]))];

    public static string Of(CheckInReason? reason) => reason switch
    {
        null => "All check-ins",
        CheckInReason.BeforeVisit => "Before a visit",
        CheckInReason.DayAfterInfusion => "Day after an infusion",
        CheckInReason.AfterInfusions => "Between and after",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason."),
    };

    // Before the first relapse the estimate has no interval of its own.
    private static string Free(Interval survival) => survival.Low >= 1 ? "100 %, no relapse yet" : Percent(survival);

    // A part that is large enough can be hidden as well, or a small one would follow from the total.
    private static string Hiding(int n) => SmallCells.IsSmall(n) ? Hidden : HiddenWithAnother;

    private static ForestRow Row(string label, Share share) => share.Interval is { } interval ? Row(label, interval) : new ForestRow(label, Of(share));

    private static ForestRow Row(string label, Interval interval) => new(label, Percent(interval), 100 * interval.Estimate, 100 * interval.Low, 100 * interval.High);

    private static ForestRow Row(PublishedFigure figure) => new($"  {figure.Short}", figure.Value, figure.Percent, figure.Low, figure.High, ForestKind.Published);

    private static string Named(List<SurvivalGroup> shown, SurvivalGroup group) => shown.Count == 1 ? "" : $"{group.Name}: ";

    private static string P(double p) => p < 0.001 ? "< 0.001" : $"= {p.ToString("0.000", CultureInfo.InvariantCulture)}";

    private static string Percent(double fraction) => (100 * fraction).ToString("0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Capital(string text) => string.Concat(char.ToUpperInvariant(text[0]).ToString(), text.AsSpan(1));
}
