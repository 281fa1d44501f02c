using Euthymia.Web.Components.Charts;

namespace Euthymia.Web.Tests.Charts;

public class ChartLayoutTests
{
    [Theory]
    [InlineData(TimeAxisKind.Hours, 0, 6)]
    [InlineData(TimeAxisKind.Hours, 0, 200)]
    [InlineData(TimeAxisKind.Days, 0, 13)]
    [InlineData(TimeAxisKind.Days, 0, 365)]
    [InlineData(TimeAxisKind.Dates, -28, 15)]
    [InlineData(TimeAxisKind.Dates, -1, 400)]
    [InlineData(TimeAxisKind.Weeks, -1, 8)]
    [InlineData(TimeAxisKind.Weeks, -1, 104)]
    public void Labels_of_time_never_touch_at_either_width(TimeAxisKind kind, double min, double max)
    {
        foreach (var size in new[] { ChartSize.Wide, ChartSize.Narrow })
        {
            var axis = new TimeAxis(kind, min, max, "days", new DateOnly(2026, 11, 23));
            var layout = new ChartLayout(size, axis, [new Panel(Quantity.Score, "PHQ-9", "") { Highest = 27 }]);

            Assert.True(layout.TimeTicks.Count >= 2);
            foreach (var (left, right) in layout.TimeTicks.Zip(layout.TimeTicks.Skip(1)))
            {
                var between = layout.X(right.Value) - layout.X(left.Value);
                Assert.True(between > (left.Label.Length + right.Label.Length) / 2.0 * size.CharacterWidth, $"{left.Label} touches {right.Label} at {size.Name}");
            }
        }
    }

    [Theory]
    [InlineData(27, 4, 10)]
    [InlineData(187.3, 4, 50)]
    [InlineData(0.9, 4, 0.5)]
    [InlineData(1, 2, 0.5)]
    public void Steps_are_one_two_or_five_times_a_power_of_ten(double highest, int intervals, double step)
    {
        Assert.Equal(step, NiceNumbers.Step(highest, intervals), 1e-12);
        var ticks = NiceNumbers.FromZero(highest, intervals);
        Assert.Equal(0, ticks[0].Value);
        Assert.InRange(highest, ticks[^2].Value, ticks[^1].Value);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void An_empty_range_still_has_an_axis(double highest) => Assert.Equal(1, NiceNumbers.Step(highest, 4));

    [Fact]
    public void A_missing_value_breaks_the_line()
    {
        var layout = Layout([new ObservedPoint(0, 20, ""), new ObservedPoint(1, 18, ""), new ObservedPoint(2, null, ""), new ObservedPoint(3, 9, "")]);

        var path = layout.ObservedPath(layout.Panels[0]);

        Assert.Equal(2, path.Count(c => c == 'M'));
        Assert.Equal(1, path.Count(c => c == 'L'));
    }

    [Fact]
    public void Words_of_close_thresholds_are_pushed_apart()
    {
        var panel = new Panel(Quantity.Score, "PHQ-9", "") { Highest = 27, Thresholds = [new(5, "remission"), new(5.5, "response")] };
        var layout = new ChartLayout(ChartSize.Narrow, new TimeAxis(TimeAxisKind.Days, 0, 14, "days"), [panel]);

        var labels = layout.ThresholdLabels(layout.Panels[0]);

        Assert.True(labels[0].Y - labels[1].Y >= ChartSize.Narrow.Text);
    }

    [Fact]
    public void Panels_share_one_axis_of_time_and_never_overlap()
    {
        var layout = new ChartLayout(ChartSize.Wide, new TimeAxis(TimeAxisKind.Days, 0, 14, "days"),
            [new Panel(Quantity.Score, "PHQ-9", "") { Highest = 27 }, new Panel(Quantity.Dose, "Ketamine", "mg") { Weight = 0.5 }]);

        Assert.True(layout.Panels[0].Bottom < layout.Panels[1].LabelY - layout.Size.Text);
        Assert.Equal(layout.Panels[1].Bottom, layout.AxisY);
        Assert.True(layout.Height > layout.AxisY);
    }

    [Fact]
    public void The_points_of_a_lane_are_not_joined_and_zero_has_no_minus()
    {
        var lane = new Panel(Quantity.Event, "Findings", "") { IsLane = true, Weight = 0.17, Observed = [new(0, 1, ""), new(2, 1, "")] };
        var layout = new ChartLayout(ChartSize.Wide, new TimeAxis(TimeAxisKind.Weeks, -0.25, 8, "weeks"), [lane]);

        Assert.Equal("", layout.ObservedPath(layout.Panels[0]));
        Assert.InRange(layout.Panels[0].Y(1), layout.Panels[0].Top, layout.Panels[0].Bottom);
        Assert.All(layout.Panels[0].Ticks, tick => Assert.Equal("", tick.Label));
        Assert.Equal("0", layout.TimeTicks[0].Label);
    }

    private static ChartLayout Layout(IReadOnlyList<ObservedPoint> points) =>
        new(ChartSize.Wide, new TimeAxis(TimeAxisKind.Days, 0, 14, "days"), [new Panel(Quantity.Score, "PHQ-9", "") { Highest = 27, Observed = points }]);
}
