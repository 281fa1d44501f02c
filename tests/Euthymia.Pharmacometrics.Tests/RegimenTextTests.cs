namespace Euthymia.Pharmacometrics.Tests;

public sealed class RegimenTextTests
{
    [Fact]
    public void The_usual_course_is_six_infusions_of_the_weight()
    {
        var regimen = RegimenText.Parse("0.5 mg/kg over 40 min on days 0,2,4,7,9,11").For(new Kilograms(84));

        Assert.Equal([0, 2, 4, 7, 9, 11], regimen.Infusions.Select(infusion => infusion.Start.TotalDays));
        Assert.All(regimen.Infusions, infusion => Assert.Equal(new Milligrams(42), infusion.Dose));
        Assert.All(regimen.Infusions, infusion => Assert.Equal(TimeSpan.FromMinutes(40), infusion.End - infusion.Start));
    }

    [Theory]
    [InlineData("35 mg over 1 h", 1, 35)]
    [InlineData("35 mg over 0.5 hours at hours 0, 24, 48.5", 3, 105)]
    [InlineData("0.5 mg/kg over 40 min every 2 days x 6", 6, 210)]
    [InlineData("1 mg/kg over 90 minutes on days 0-2,7", 4, 280)]
    [InlineData("0.5 mg/kg over 40 min on days 0,2; 0.75mg/kg over 60min on day 4", 3, 122.5)]
    public void Other_ways_to_write_one_are_understood(string text, int infusions, double totalMilligrams)
    {
        var regimen = RegimenText.Parse(text).For(new Kilograms(70));

        Assert.Equal(infusions, regimen.Infusions.Count);
        Assert.Equal((decimal)totalMilligrams, regimen.Dose.Value);
    }

    [Theory]
    [InlineData("", "regimen-empty")]
    [InlineData("0.5 mg/kg", "regimen-not-understood")]
    [InlineData("0.5 mg/lb over 40 min", "regimen-not-understood")]
    [InlineData("-0.5 mg/kg over 40 min", "regimen-not-understood")]
    [InlineData("0 mg/kg over 40 min", "dose-out-of-range")]
    [InlineData("9999999 mg over 40 min", "dose-out-of-range")]
    [InlineData("0.5 mg/kg over 0 min", "duration-not-positive")]
    [InlineData("0.5 mg/kg over 40 min on days 0,x", "regimen-not-understood")]
    [InlineData("0.5 mg/kg over 40 min on days 0,,2", "start-not-understood")]
    [InlineData("0.5 mg/kg over 40 min on days 0,0", "start-repeated")]
    [InlineData("0.5 mg/kg over 40 min on day 99999", "time-out-of-range")]
    public void What_cannot_be_meant_is_refused_with_a_code(string text, string code)
    {
        var error = Assert.Throws<InvalidInputException>(() => RegimenText.Parse(text));

        Assert.Equal(code, error.Code);
        Assert.Equal("regimen", error.Field);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1e9)]
    public void A_weight_that_is_none_is_refused(double weight)
        => Assert.Equal("weight-out-of-range", Assert.Throws<InvalidInputException>(
            () => RegimenText.Parse("0.5 mg/kg over 40 min").For(new Kilograms((decimal)weight))).Code);
}
