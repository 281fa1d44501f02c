using Euthymia.Clinic;
using Euthymia.Web.Components.Charts;
using Euthymia.Web.Pages.Cohort;

namespace Euthymia.Web.Tests.Charts;

/// <summary>Where survival curves and shares are drawn, and the words beside them.</summary>
public sealed class ResultLayoutTests
{
    private static readonly SurvivalCurve Curve = new("All (n = 30)", [new(7, 0.9, 0.7, 0.97), new(14, 0.6, 0.4, 0.75)], 21, [(0, "30"), (1, "30"), (2, "27"), (3, "<11")]);

    [Fact]
    public void A_survival_curve_is_a_staircase_from_one_to_where_it_may_be_drawn()
    {
        var layout = new SurvivalLayout(ChartSize.Wide, [Curve]);
        string At(double day, double survival) => $"{ChartLayout.Number(layout.X(day))} {ChartLayout.Number(layout.Y(survival))}";

        Assert.Equal(3, layout.Weeks);
        Assert.Equal($"M{At(0, 1)}L{At(7, 1)}L{At(7, 0.9)}L{At(14, 0.9)}L{At(14, 0.6)}L{At(21, 0.6)}", layout.CurvePath(Curve));
        Assert.StartsWith($"M{At(7, 0.97)}", layout.BandPath(Curve), StringComparison.Ordinal);
        Assert.EndsWith($"L{At(7, 0.7)}Z", layout.BandPath(Curve), StringComparison.Ordinal);
        Assert.Equal("", layout.BandPath(Curve with { Steps = [] }));
    }

    [Fact]
    public void Steps_beyond_the_end_of_what_may_be_drawn_are_left_out() =>
        Assert.DoesNotContain(ChartLayout.Number(new SurvivalLayout(ChartSize.Wide, [Curve with { EndDay = 10 }]).Y(0.6)), new SurvivalLayout(ChartSize.Wide, [Curve with { EndDay = 10 }]).CurvePath(Curve with { EndDay = 10 }), StringComparison.Ordinal);

    [Fact]
    public void Numbers_at_risk_and_weeks_never_touch_at_either_width()
    {
        var long52 = Curve with { EndDay = 364, AtRisk = [.. Enumerable.Range(0, 53).Select(w => (w, "under 11"))] };
        foreach (var size in new[] { ChartSize.Wide, ChartSize.Narrow })
        {
            var layout = new SurvivalLayout(size, [long52]);
            var words = layout.RiskWords(long52).ToList();
            Assert.True(words.Count >= 3);
            Assert.All(words.Zip(words.Skip(1)), pair => Assert.True(pair.Second.X - pair.First.X > 8 * size.CharacterWidth));
            Assert.All(layout.TickWeeks.Zip(layout.TickWeeks.Skip(1)), pair => Assert.True(layout.X(7 * pair.Second) - layout.X(7 * pair.First) > 2 * size.CharacterWidth));
        }
    }

    [Fact]
    public void Rows_of_shares_are_apart_and_inside_the_drawing()
    {
        ForestRow[] rows = [new("Diagnosis", "", IsHeading: true), new("Treatment-resistant depression", "57 % (45 to 68 %)", 57, 45, 68), new("Bipolar I disorder", "hidden: too few")];
        foreach (var size in new[] { ChartSize.Wide, ChartSize.Narrow })
        {
            var layout = new ForestLayout(size, rows);
            Assert.All(layout.Rows.Zip(layout.Rows.Skip(1)), pair => Assert.True(pair.Second.LabelY - pair.First.LabelY >= 1.1 * size.Text));
            Assert.InRange(layout.X(0), 0, layout.X(100));
            Assert.InRange(layout.X(100), layout.X(0), size.Width);
            Assert.True(layout.Rows[^1].LineY < layout.AxisY);
        }
    }

    [Theory]
    [InlineData(30, 60, "50 % (38 to 62 %)")]
    [InlineData(5, 40, "under 28 %")]
    [InlineData(36, 40, "over 72 %")]
    [InlineData(6, 12, "hidden: too few")]
    [InlineData(0, 40, "0 % (0 to 9 %)")]
    [InlineData(2, 10, "hidden: too few")]
    public void A_share_that_would_show_few_people_is_only_bounded(int count, int n, string words) => Assert.Equal(words, ResultsWords.Of(new Share(count, n)));
}
