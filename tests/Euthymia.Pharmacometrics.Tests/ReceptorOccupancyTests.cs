namespace Euthymia.Pharmacometrics.Tests;

public sealed class ReceptorOccupancyTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(185, 0.464)]
    [InlineData(double.PositiveInfinity, 1)]
    public void It_follows_the_competition_of_both_enantiomers(double concentration, double expected)
        => Assert.Equal(expected, ReceptorOccupancy.Of(concentration), 5e-4);

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_concentration_that_is_none_is_refused(double concentration)
        => Assert.Equal("concentration-negative", Assert.Throws<InvalidInputException>(() => ReceptorOccupancy.Of(concentration)).Code);

    [Fact]
    public void A_band_keeps_its_order()
    {
        var band = ReceptorOccupancy.Of(new Band([50], [100], [200]));

        Assert.True(band.Low[0] < band.Median[0] && band.Median[0] < band.High[0]);
        Assert.Contains("not measured", ReceptorOccupancy.Basis, StringComparison.Ordinal);
    }
}
