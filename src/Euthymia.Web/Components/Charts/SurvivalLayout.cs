using System.Globalization;
using System.Text;

namespace Euthymia.Web.Components.Charts;

/// <summary>One step of a survival curve, fractions from 0 to 1.</summary>
public sealed record CurveStep(double Day, double Survival, double Low, double High);

/// <summary>A curve with its name and, under chosen weeks, how many were still observed.</summary>
/// <param name="Name">Of the group.</param>
/// <param name="Steps">At the times of events, ascending; the curve is 1 before the first.</param>
/// <param name="EndDay">Drawn up to here.</param>
/// <param name="AtRisk">Week and words ("24", "under 11").</param>
public sealed record SurvivalCurve(string Name, IReadOnlyList<CurveStep> Steps, double EndDay, IReadOnlyList<(int Week, string Words)> AtRisk);

/// <summary>Where everything of a survival plot goes: curves above, an axis in weeks, numbers at risk below it.</summary>
public sealed class SurvivalLayout
{
    private const double DaysPerWeek = 7;
    private static readonly int[] WeekSteps = [1, 2, 4, 8, 13, 26, 52];

    public SurvivalLayout(ChartSize size, IReadOnlyList<SurvivalCurve> curves)
    {
        Size = size;
        Curves = curves;
        var text = size.Text;
        Weeks = Math.Max(2, (int)Math.Ceiling(curves.Select(c => c.EndDay).DefaultIfEmpty(0).Max() / DaysPerWeek));
        Left = 3.6 * text;
        Right = size.Width - (1.6 * text);
        Top = 1.4 * text;
        Bottom = Top + (1.4 * size.PanelHeight);
        RiskY = Bottom + (4.4 * text);
        Height = RiskY + (((2 * curves.Count) + 0.4) * text * 1.15);
        var step = WeekSteps.FirstOrDefault(s => Weeks / s * 4.5 * size.CharacterWidth <= Right - Left, WeekSteps[^1]);
        TickWeeks = [.. Enumerable.Range(0, (Weeks / step) + 1).Select(i => i * step)];
    }

    public ChartSize Size { get; }

    public IReadOnlyList<SurvivalCurve> Curves { get; }

    /// <summary>Length of the axis.</summary>
    public int Weeks { get; }

    public IReadOnlyList<int> TickWeeks { get; }

    public double Left { get; }

    public double Right { get; }

    public double Top { get; }

    public double Bottom { get; }

    /// <summary>The line on which "still observed" stands.</summary>
    public double RiskY { get; }

    public double Height { get; }

    public double X(double day) => Left + (day / (Weeks * DaysPerWeek) * (Right - Left));

    public double Y(double survival) => Bottom - (survival * (Bottom - Top));

    /// <summary>The numbers at risk that have room between each other, by the words that are longest.</summary>
    public IEnumerable<(double X, string Words)> RiskWords(SurvivalCurve curve)
    {
        var free = double.NegativeInfinity;
        foreach (var (week, words) in curve.AtRisk.Where(r => r.Week <= Weeks))
        {
            var half = words.Length * Size.CharacterWidth / 2;
            var x = Math.Clamp(X(week * DaysPerWeek), half, Size.Width - half);
            if (x - half < free)
                continue;
            free = x + half + Size.CharacterWidth;
            yield return (x, words);
        }
    }

    /// <summary>The curve as a staircase: level until an event, then straight down.</summary>
    public string CurvePath(SurvivalCurve curve) => Stairs(curve, s => s.Survival);

    /// <summary>The 95 % band: along the upper limits and back along the lower ones. Before the first event there is none.</summary>
    public string BandPath(SurvivalCurve curve)
    {
        var steps = Inside(curve).ToList();
        if (steps.Count == 0)
            return "";
        var upper = Corners(steps, curve.EndDay, s => s.High);
        var lower = Corners(steps, curve.EndDay, s => s.Low);
        return Line([.. upper, .. Enumerable.Reverse(lower)]) + "Z";
    }

    private string Stairs(SurvivalCurve curve, Func<CurveStep, double> of)
    {
        List<CurveStep> steps = [new CurveStep(0, 1, 1, 1), .. Inside(curve)];
        return Line(Corners(steps, curve.EndDay, of));
    }

    private static IEnumerable<CurveStep> Inside(SurvivalCurve curve) => curve.Steps.Where(s => s.Day <= curve.EndDay);

    private static List<(double Day, double Value)> Corners(List<CurveStep> steps, double end, Func<CurveStep, double> of)
    {
        List<(double, double)> corners = [];
        for (var i = 0; i < steps.Count; i++)
        {
            corners.Add((steps[i].Day, of(steps[i])));
            corners.Add((i + 1 < steps.Count ? steps[i + 1].Day : end, of(steps[i])));
        }

        return corners;
    }

    private string Line(List<(double Day, double Value)> points)
    {
        var path = new StringBuilder();
        foreach (var (day, value) in points)
            path.Append(path.Length == 0 ? 'M' : 'L').Append(ChartLayout.Number(X(day))).Append(' ').Append(ChartLayout.Number(Y(value)));
        return path.ToString();
    }

    internal static string Percent(double fraction) => (100 * fraction).ToString("0", CultureInfo.InvariantCulture);
}
