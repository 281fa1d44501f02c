using Euthymia.Clinic;
using Euthymia.Pharmacometrics;
using Euthymia.Web.Components.Charts;
using Euthymia.Web.Pages.Courses;

namespace Euthymia.Web.Tests.Charts;

public class OrderForecastTests
{
    [Fact]
    public void The_published_order_shows_arterial_venous_and_norketamine_with_a_band()
    {
        var forecast = OrderForecast.Of(Order(40, [0, 2, 4, 7, 9, 11]), new Covariates(new Kilograms(70)));

        Assert.Null(forecast.VenousUnavailable);
        Assert.Equal([Quantity.Arterial, Quantity.Venous, Quantity.Norketamine], forecast.First.Panels.Select(p => p.Quantity));
        foreach (var band in forecast.First.Panels.Concat(forecast.Course.Panels).Select(p => p.Predicted!))
        {
            Assert.All(Enumerable.Range(0, band.Times.Count), i => Assert.True(band.Low[i] <= band.Median[i] && band.Median[i] <= band.High[i]));
            Assert.True(band.High.Max() > 0);
        }

        Assert.Contains("1,000 virtual patients", forecast.Basis, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_infusion_says_that_the_venous_term_does_not_apply()
    {
        var forecast = OrderForecast.Of(Order(180, [0]), new Covariates(new Kilograms(70)));

        Assert.NotNull(forecast.VenousUnavailable);
        Assert.DoesNotContain(forecast.First.Panels, p => p.Quantity == Quantity.Venous);
    }

    [Fact]
    public void A_year_of_infusions_keeps_every_peak()
    {
        var forecast = OrderForecast.Of(Order(40, [.. Enumerable.Range(0, 36).Select(i => i * 10)]), new Covariates(new Kilograms(70)));

        var band = forecast.Course.Panels[0].Predicted!;
        var peak = forecast.First.Panels[0].Predicted!.Median.Max();
        for (var i = 0; i < 36; i++)
        {
            var day = (i * 10) + (40 / 1440.0);
            var at = Enumerable.Range(0, band.Times.Count).MinBy(t => Math.Abs(band.Times[t] - day));
            Assert.True(band.Median[at] > 0.95 * peak, $"infusion {i + 1} has no peak");
        }
    }

    private static InfusionOrder Order(int minutes, int[] days) => new()
    {
        DosePerKilogram = new MilligramsPerKilogram(0.5m),
        Duration = TimeSpan.FromMinutes(minutes),
        Days = days,
        VialStrength = new MilligramsPerMillilitre(50),
        Concentration = new MilligramsPerMillilitre(1),
        Weight = new Kilograms(70),
        WeighedOn = new DateOnly(2026, 11, 20),
    };
}
