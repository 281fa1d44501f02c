namespace Euthymia.Pharmacometrics.Tests;

public sealed class PopulationCourseTests
{
    private static readonly DrugModel Model = DrugModels.Default;
    private static readonly RegimenOrder Course = RegimenText.Parse("0.5 mg/kg over 40 min on days 0,2");
    private static readonly double[] Times = [0.5, 2.0 / 3, 1, 4, 48.5, 50];

    [Fact]
    public void The_effect_site_follows_the_blood_and_has_its_area()
    {
        double[] times = [.. Enumerable.Range(0, 12_001).Select(i => i / 6000.0)];
        var order = RegimenText.Parse("35 mg over 40 min");
        var values = TypicalPatient.Concentrations(Model.WithEffectSite(), order, new Kilograms(70), times);
        var exposures = TypicalPatient.Exposures(Model.WithEffectSite(), order, new Kilograms(70));
        var (arterial, site, ke0) = (values["arterial"], values["effectSite"], Math.Log(2) / 6.1 * 60);

        // dCe/dt = ke0 (C - Ce), by central differences; the pump stops at point 4000, a kink.
        for (var i = 900; i < 12_000; i += 1000)
            Assert.Equal(ke0 * (arterial[i] - site[i]), (site[i + 1] - site[i - 1]) * 3000, 0.05);
        Assert.Equal(exposures["arterial"].Auc, exposures["effectSite"].Auc, 1e-6);
        Assert.Equal(TypicalPatient.Concentrations(Model, order, new Kilograms(70), times)["arterial"], arterial, (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void Unbound_and_occupancy_follow_from_concentrations()
    {
        var course = Run(Model, "arterial,unbound,effectSite,occupancy");

        for (var i = 0; i < course.Values[0].Length; i++)
        {
            Assert.Equal(0.55 * course.Values[0][i], course.Values[1][i], 1e-12);
            Assert.Equal(ReceptorOccupancy.Of(course.Values[2][i]), course.Values[3][i], 1e-12);
        }

        Assert.Equal("arterial_ng_per_mL unbound_ng_per_mL effectSite_ng_per_mL occupancy_fraction", string.Join(' ', course.Quantities.Select(quantity => quantity.Column)));
    }

    [Fact]
    public void Esketamine_binds_tighter_than_the_racemate()
    {
        const double UnboundMicromolar = 0.55 * 100 / 237.725;
        Assert.Equal(UnboundMicromolar / 0.3 / (1 + UnboundMicromolar / 0.3), ReceptorOccupancy.Of(100, "esketamine"), 1e-12);
        Assert.True(ReceptorOccupancy.Of(100, "arketamine") < ReceptorOccupancy.Of(100));
        Assert.Equal("drug-without-affinity", Assert.Throws<InvalidInputException>(() => ReceptorOccupancy.Of(1, "propofol")).Code);
    }

    [Fact]
    public void Time_above_a_level_is_that_of_a_fine_grid()
    {
        const double Level = 70;
        double[] times = [.. Enumerable.Range(1, 60_000).Select(i => i / 1000.0)];
        var population = Population.Of(new Covariates(new Kilograms(70)));
        var exact = PopulationCourse.Simulate(Model, Course, population, 3, 1, [], CourseQuantities.Parse(Model, ["timeAbove:arterial"]), Level);
        var grid = PopulationCourse.Simulate(Model, Course, population, 3, 1, times, CourseQuantities.Parse(Model, ["arterial"]));

        for (var patient = 0; patient < 3; patient++)
        {
            var counted = Enumerable.Range(0, times.Length).Count(time => grid.Values[0][time * 3 + patient] > Level) / 1000.0;
            Assert.Equal(counted, exact.Values[0][patient], 5e-3);
        }
    }

    [Fact]
    public void Exposures_of_patients_are_those_that_the_summary_is_made_of()
    {
        var course = Run(Model, "auc:arterial", 101);
        var summary = CourseExposure.Simulate(Model, Course, Population.Adults, 101, 1).Single(summary => summary.Observation is "arterial");

        Assert.Equal(summary.Auc.Median, course.BandOf(0).Median[0]);
    }

    [Theory]
    [InlineData(Sampling.Philox, false, 0.2)]
    [InlineData(Sampling.Sobol, true, 0)]
    [InlineData(Sampling.Philox, false, 0)]
    public void A_patient_of_a_seed_is_the_same_in_any_batch_on_any_number_of_threads(Sampling sampling, bool residual, double occasionCv)
    {
        var variability = new Variability(sampling, occasionCv, residual);
        var alone = Run(Model, "arterial,norketamine", 1, variability, 1);
        var one = Run(Model, "arterial,norketamine", 3000, variability, 1);
        var two = Run(Model, "arterial,norketamine", 3000, variability, 2);

        Assert.Equal(one.Values[0], two.Values[0]);
        Assert.Equal(one.Values[1], two.Values[1]);
        for (var time = 0; time < Times.Length; time++)
            Assert.Equal(alone.Values[0][time], one.Values[0][time * 3000]);
    }

    [Fact]
    public void Sobol_points_settle_the_median_faster_than_independent_numbers()
    {
        // Against the mean of many: the error of 256 points, averaged over seeds so that luck does not decide.
        var (philox, sobol) = (0.0, 0.0);
        for (ulong seed = 1; seed <= 12; seed++)
        {
            philox += Math.Abs(Math.Log(Mean(Sampling.Philox, seed, 256) / Mean(Sampling.Sobol, 99, 16_384)));
            sobol += Math.Abs(Math.Log(Mean(Sampling.Sobol, seed, 256) / Mean(Sampling.Sobol, 99, 16_384)));
        }

        Assert.True(sobol < philox / 3, $"{sobol} {philox}");

        static double Mean(Sampling sampling, ulong seed, int patients) => PopulationCourse.Simulate(
            Model, RegimenText.Parse("0.5 mg/kg over 40 min"), Population.Adults, patients, seed, [1], CourseQuantities.Parse(Model, ["arterial"]), variability: new Variability(sampling)).Values[0].Average();
    }

    [Fact]
    public void Residual_error_has_the_models_spread()
    {
        var clean = Run(Model, "arterial", 4000);
        var measured = Run(Model, "arterial", 4000, new Variability(Residual: true));
        var errors = clean.Values[0].Zip(measured.Values[0], (exact, noisy) => Math.Log(noisy / exact)).ToArray();

        Assert.Equal(0, errors.Average(), 0.01);
        Assert.Equal(0.28, Math.Sqrt(errors.Average(error => error * error)), 0.01);
    }

    [Fact]
    public void Occasions_differ_and_the_first_does_not_know_of_the_second()
    {
        var none = Run(Model, "arterial", 500);
        var occasions = Run(Model, "arterial", 500, new Variability(OccasionCv: 0.2));
        var first = PopulationCourse.Simulate(
            Model, RegimenText.Parse("0.5 mg/kg over 40 min"), Population.Adults, 500, 1, Times, CourseQuantities.Parse(Model, ["arterial"]), variability: new Variability(OccasionCv: 0.2));

        Assert.NotEqual(none.Values[0], occasions.Values[0]);
        Assert.Equal(first.Values[0][..2000], occasions.Values[0][..2000]);
        Assert.All(occasions.Values[0], value => Assert.True(value >= 0 && double.IsFinite(value)));
    }

    [Theory]
    [InlineData("arterial,auc", "quantities-mixed", "quantities")]
    [InlineData("timeAbove", "level-missing", "above")]
    [InlineData("bound", "quantity-unknown", "quantities")]
    [InlineData("cmax:venous", "quantity-unknown", "quantities")]
    public void What_cannot_be_given_is_refused(string quantities, string code, string field)
    {
        var error = Assert.Throws<InvalidInputException>(() => Run(Model, quantities));
        Assert.Equal((code, field), (error.Code, error.Field));
    }

    [Fact]
    public void A_venous_quantity_needs_infusions_that_its_term_holds_for()
        => Assert.Equal("quantity-not-applicable", Assert.Throws<InvalidInputException>(() => PopulationCourse.Simulate(
            Model, RegimenText.Parse("35 mg bolus"), Population.Adults, 1, 1, [1], CourseQuantities.Parse(Model, ["venous"]))).Code);

    [Fact]
    public void A_model_without_an_effect_site_gives_no_occupancy()
    {
        var domino = DrugModels.Get("domino");
        Assert.Equal("quantity-unknown", Assert.Throws<InvalidInputException>(() => CourseQuantities.Parse(domino, ["occupancy"])).Code);
        Assert.Equal("effect-site-missing", Assert.Throws<InvalidInputException>(domino.WithEffectSite).Code);
    }

    [Fact]
    public void Exposures_refuse_variability_between_occasions()
        => Assert.Equal("exposure-between-occasions", Assert.Throws<InvalidInputException>(() => Run(Model, "auc", 5, new Variability(OccasionCv: 0.1))).Code);

    private static PopulationCourse Run(DrugModel model, string quantities, int patients = 5, Variability? variability = null, int? threads = null)
        => PopulationCourse.Simulate(
            model, Course, Population.Adults, patients, 1, Times, CourseQuantities.Parse(model, quantities.Split(',')), variability: variability, control: new SimulationControl(threads));
}
