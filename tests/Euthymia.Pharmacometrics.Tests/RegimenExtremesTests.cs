namespace Euthymia.Pharmacometrics.Tests;

/// <summary>What no clinic should order: a typed error that names the field, or finite numbers.</summary>
public sealed class RegimenExtremesTests
{
    private static readonly Kilograms SeventyKilograms = new(70);
    private static readonly double[] TenYears = [0, 1e-9, 1, 24, 87_600, 1e6];

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1e9)]
    public void A_weight_that_is_none_is_refused(double kilograms)
    {
        var error = Assert.Throws<InvalidInputException>(() => new Covariates(new Kilograms((decimal)kilograms)));

        Assert.Equal(("weight-out-of-range", "weight"), (error.Code, error.Field));
    }

    [Theory]
    [InlineData(-1, 40, "dose-not-positive", "dose")]
    [InlineData(0, 40, "dose-not-positive", "dose")]
    [InlineData(35, 0, "duration-not-positive", "duration")]
    [InlineData(35, -5, "duration-not-positive", "duration")]
    public void A_dose_or_duration_that_is_none_is_refused(double milligrams, double minutes, string code, string field)
    {
        var error = Assert.Throws<InvalidInputException>(() => Infusion.Constant(TimeSpan.Zero, new Milligrams((decimal)milligrams), TimeSpan.FromMinutes(minutes)));

        Assert.Equal((code, field), (error.Code, error.Field));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e7)]
    public void A_time_that_is_none_is_refused(double hours)
        => Assert.Equal("at", Assert.Throws<InvalidInputException>(() => TypicalPatient.Concentrations(DrugModels.Default, Of(1, 35, 1), SeventyKilograms, [hours])).Field);

    /// <summary>A million milligrams, an infusion of microseconds and one of a million hours, a thousand at once, ten years; times unsorted and equal.</summary>
    [Theory]
    [InlineData(1, 1e6, 0.67)]
    [InlineData(1, 35, 1e-9)]
    [InlineData(1, 35, 1e6)]
    [InlineData(1000, 1, 500)]
    public void Every_shipped_model_answers_extreme_orders_with_finite_numbers(int infusions, double milligrams, double hours)
        => Assert.All(
            DrugModels.All,
            model =>
            {
                var order = Of(infusions, milligrams, hours);
                double[] times = [.. TenYears, .. TenYears.Reverse()];
                var concentrations = TypicalPatient.Concentrations(model, order, SeventyKilograms, times);
                Assert.All(concentrations.Values.SelectMany(values => values), value => Assert.True(value >= 0 && double.IsFinite(value)));
                Assert.All(concentrations.Values, values => Assert.Equal(values[..TenYears.Length], values[TenYears.Length..].Reverse()));
                Assert.All(TypicalPatient.Exposures(model, order, SeventyKilograms).Values, exposure => Assert.True(exposure.Cmax > 0 && double.IsFinite(exposure.Auc)));
            });

    private static RegimenOrder Of(int infusions, double milligrams, double hours)
        => new([new RegimenOrder.Part(null, new Milligrams((decimal)milligrams), TimeSpan.FromHours(hours), [.. Enumerable.Range(0, infusions).Select(i => TimeSpan.FromMinutes(i))])]);
}
