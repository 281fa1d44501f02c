namespace Euthymia.Pharmacometrics.Tests;

public sealed class ConcentrationForecastTests
{
    private static readonly double[] Times = [.. Enumerable.Range(0, 201).Select(i => i * 0.05)];

    [Fact]
    public void The_usual_infusion_peaks_near_what_was_measured()
    {
        var forecast = Simulate("0.5 mg/kg over 40 min", 1000);
        var peak = forecast.Arterial.Median.Max();

        Assert.InRange(peak, 200, 300);
        Assert.InRange(forecast.Venous!.Median.Max(), 150, 225);
        Assert.InRange(forecast.Norketamine.Median.Max(), 20, 120);
        for (var i = 1; i < Times.Length; i++)
            Assert.True(forecast.Arterial.Low[i] < forecast.Arterial.Median[i] && forecast.Arterial.Median[i] < forecast.Arterial.High[i]);
        Assert.Contains("1,000 virtual patients", forecast.Basis, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.5 mg/kg over 2 min")]
    [InlineData("0.5 mg/kg over 100 min")]
    public void There_is_no_venous_number_where_its_term_does_not_hold(string text)
    {
        var forecast = Simulate(text, 10);

        Assert.Null(forecast.Venous);
        Assert.NotNull(forecast.VenousUnavailable);
    }

    [Fact]
    public void A_virtual_patient_is_the_same_in_any_company()
    {
        var one = Simulate("0.5 mg/kg over 40 min", 1);
        var same = Simulate("0.5 mg/kg over 40 min", 1);

        Assert.Equal(one.Arterial.Median, same.Arterial.Median);
        Assert.Equal(one.Arterial.Median, one.Arterial.High);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(2_000_000)]
    public void An_impossible_number_of_patients_is_refused(int patients)
        => Assert.Equal("patients-out-of-range", Assert.Throws<InvalidInputException>(() => Simulate("35 mg over 40 min", patients)).Code);

    private static ConcentrationForecast Simulate(string regimen, int patients)
        => ConcentrationForecast.Simulate(
            DrugModels.Get("ketamine"),
            RegimenText.Parse(regimen).For(new Kilograms(70)),
            Population.Of(new Covariates(new Kilograms(70))),
            patients,
            seed: 1,
            Times);
}
