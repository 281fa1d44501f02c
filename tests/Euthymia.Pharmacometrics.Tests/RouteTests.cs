namespace Euthymia.Pharmacometrics.Tests;

public sealed class RouteTests
{
    private static readonly Kilograms Seventy = new(70);
    private static readonly DrugModel Routes = DrugModels.Get("ketamine-routes");

    [Theory]
    [InlineData("35 mg IM", 0.93)]
    [InlineData("35 mg intramuscular", 0.93)]
    [InlineData("35 mg SC", 0.93)]
    [InlineData("35 mg subcutaneously", 0.93)]
    [InlineData("35 mg oral", 0.2)]
    [InlineData("35 mg PO", 0.2)]
    [InlineData("35 mg sublingual", 0.29)]
    [InlineData("35 mg intranasal", 0.45)]
    [InlineData("35 mg bolus", 1)]
    [InlineData("0.5 mg/kg IV push", 1)]
    [InlineData("35 mg ketamine IV over 40 min", 1)]
    public void The_area_is_the_fraction_that_arrives_over_the_clearance(string regimen, double fraction)
        => Assert.Equal(fraction * 35_000 / 84, Exposure(Routes, regimen).Auc, 1e-9 * 35_000);

    [Fact]
    public void A_bolus_is_the_limit_of_short_infusions()
    {
        double[] times = [0.1, 0.5, 1, 6, 24];
        var bolus = Arterial("35 mg bolus", times);
        var infusion = Arterial("35 mg over 0.01 s", times);

        Assert.All(bolus.Zip(infusion), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * pair.First));
        Assert.Equal(35_000.0 / 25, Exposure(Routes, "35 mg bolus").Cmax, 1e-9);
        Assert.Equal(0, Exposure(Routes, "35 mg bolus").TmaxHours);
    }

    [Fact]
    public void A_first_order_depot_gives_the_convolution_of_its_rate_with_a_bolus()
    {
        // C(t) = integral of F ka exp(-ka s) x unit response(t - s) ds, by Simpson's rule over the bolus response.
        const int Steps = 2000;
        const double At = 1.0;
        double[] lags = [.. Enumerable.Range(0, Steps + 1).Select(i => Math.Max(i * At / Steps, 1e-12))];
        var response = Arterial("35 mg bolus", lags);
        var sum = 0.0;
        for (var i = 0; i <= Steps; i++)
            sum += (i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2) * 0.93 * 4 * Math.Exp(-4 * (At - i * At / Steps)) * response[i];

        Assert.Equal(sum * At / Steps / 3, Arterial("35 mg IM", [At])[0], 1e-5);
    }

    [Fact]
    public void Doses_by_different_routes_add_up()
    {
        double[] times = [0.25, 1, 4, 30];
        var both = Arterial("20 mg IM; 10 mg over 40 min at hour 1; 5 mg bolus at hour 2", times);
        double[][] parts = [Arterial("20 mg IM", times), Arterial("10 mg over 40 min at hour 1", times), Arterial("5 mg bolus at hour 2", times)];

        Assert.All(both, (value, i) => Assert.Equal(parts.Sum(part => part[i]), value, 1e-9));
    }

    /// <summary>Perez-Ruixo 2021, table 4 as transcribed.</summary>
    [Theory]
    [InlineData(28, 43.8, 147.3)]
    [InlineData(56, 72.5, 254.7)]
    [InlineData(84, 101.0, 362.2)]
    public void Nasal_esketamine_splits_into_what_stays_in_the_nose_and_what_is_swallowed(int dose, double cmax, double auc)
    {
        // The published area ends at 24 h.
        var order = RegimenText.Parse($"{dose} mg esketamine intranasal");
        double[] times = [.. Enumerable.Range(0, 2401).Select(i => i * 0.01)];
        var area = TypicalPatient.Concentrations(DrugModels.Get("esketamine"), order, Seventy, times)["plasma"].Sum() * 0.01;

        Assert.Equal(cmax, TypicalPatient.Exposures(DrugModels.Get("esketamine"), order, Seventy)["plasma"].Cmax, 0.02 * cmax);
        Assert.Equal(auc, area, 0.02 * auc);
    }

    [Theory]
    [InlineData("ketamine", "35 mg IM", "route-not-of-model", "ketamine-routes")]
    [InlineData("esketamine", "0.5 mg/kg intranasal", "dose-per-kilogram-not-of-route", "in mg")]
    [InlineData("ketamine", "35 mg esketamine over 40 min", "drug-not-of-model", "esketamine")]
    public void What_a_model_cannot_take_is_refused_with_the_remedy(string model, string regimen, string code, string remedy)
    {
        var error = Assert.Throws<InvalidInputException>(() => TypicalPatient.Exposures(DrugModels.Get(model), RegimenText.Parse(regimen), Seventy));

        Assert.Equal((code, "regimen"), (error.Code, error.Field));
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.5 mg/kg over 40 min", "ketamine")]
    [InlineData("0.2 mg/kg bolus", "ketamine")]
    [InlineData("0.5 mg/kg IM on days 0,3", "ketamine-routes")]
    [InlineData("56 mg esketamine intranasal on days 0,3", "esketamine")]
    [InlineData("56 mg nasal", "ketamine-routes")]
    public void The_model_follows_from_the_regimen(string regimen, string model)
        => Assert.Equal(model, DrugModels.For(RegimenText.Parse(regimen)).Id);

    [Fact]
    public void No_model_takes_every_combination()
        => Assert.Equal("regimen-without-model", Assert.Throws<InvalidInputException>(
            () => DrugModels.For(RegimenText.Parse("56 mg esketamine SC"))).Code);

    [Fact]
    public void A_venous_concentration_is_not_given_for_other_routes()
        => Assert.False(TypicalPatient.Concentrations(Routes, RegimenText.Parse("35 mg IM"), Seventy, [1]).ContainsKey("venous"));

    private static Exposure Exposure(DrugModel model, string regimen)
        => TypicalPatient.Exposures(model, RegimenText.Parse(regimen), Seventy)["arterial"];

    private static double[] Arterial(string regimen, double[] times)
        => TypicalPatient.Concentrations(Routes, RegimenText.Parse(regimen), Seventy, times)["arterial"];
}
