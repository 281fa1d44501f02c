namespace Euthymia.Pharmacometrics.Tests;

public sealed class QuantitiesTests
{
    [Fact]
    public void Half_a_milligram_per_kilogram_over_forty_minutes_is_exact()
    {
        var dose = new MilligramsPerKilogram(0.5m) * new Kilograms(84);
        var rate = dose / TimeSpan.FromMinutes(40);

        Assert.Equal(new Milligrams(42), dose);
        Assert.Equal(new MilligramsPerHour(63), rate);
        Assert.Equal(new MillilitresPerHour(63), rate / new MilligramsPerMillilitre(1));
        Assert.Equal(dose, rate * TimeSpan.FromMinutes(40));
        Assert.Equal(new Millilitres(4.2m), dose / new MilligramsPerMillilitre(10));
        Assert.Equal(new MilligramsPerKilogram(0.5m), dose / new Kilograms(84));
    }

    [Theory]
    [InlineData("0.50", "0.5\u202Fmg/kg")]
    [InlineData("5.0", "5\u202Fmg/kg")]
    [InlineData("10", "10\u202Fmg/kg")]
    [InlineData("0", "0\u202Fmg/kg")]
    public void A_quantity_is_written_with_a_leading_zero_and_without_trailing_ones(string value, string expected)
        => Assert.Equal(expected, new MilligramsPerKilogram(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture)).ToString());
}
