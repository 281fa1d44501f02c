namespace Euthymia.Pharmacometrics.Tests;

public sealed class CovariateModelTests
{
    private static readonly RegimenOrder Infusion = RegimenText.Parse("35 mg over 40 min");
    private static readonly Kilograms Seventy = new(70);

    [Fact]
    public void Rifampicin_lowers_the_area_of_infusions_as_published()
        => Assert.Equal(0.86, Ratio("ketamine", "35 mg over 40 min", new ClinicalFactors(InteractingDrugs: ["rifampicin"])), 1e-4);

    [Theory]
    [InlineData("rifampicin", 0.14)]
    [InlineData("ticlopidine", 2.4)]
    [InlineData("clarithromycin", 2.6)]
    [InlineData("grapefruit juice", 3.0)]
    [InlineData("itraconazole", 1.0)]
    [InlineData("St John's wort", 0.42)]
    public void Interactions_of_oral_doses_give_the_published_ratio_of_areas(string drug, double ratio)
        => Assert.Equal(ratio, Ratio("ketamine-routes", "35 mg oral", new ClinicalFactors(InteractingDrugs: [drug])), 1e-9);

    [Fact]
    public void The_enantiomers_clear_as_measured_and_leave_the_racemate_its_clearance()
    {
        var s = Ratio("ketamine", "35 mg over 40 min", new ClinicalFactors(Enantiomer: Enantiomer.S));
        var r = Ratio("ketamine", "35 mg over 40 min", new ClinicalFactors(Enantiomer: Enantiomer.R));

        Assert.Equal(1.06, r / s, 1e-3);
        Assert.Equal(1, (r + s) / 2, 1e-3);
        Assert.Equal("esketamine", CovariateModel.Adjust(DrugModels.Default, Infusion, new ClinicalFactors(Enantiomer: Enantiomer.S)).Model.Drug.Name);
    }

    [Fact]
    public void What_has_no_number_keeps_the_typical_value_widens_and_is_said()
    {
        foreach (var factors in new[]
        {
            new ClinicalFactors(HepaticFunction.Unknown), new ClinicalFactors(HepaticFunction.Mild), new ClinicalFactors(HepaticFunction.Moderate),
            new ClinicalFactors(InteractingDrugs: ["clarithromycin"]), new ClinicalFactors(InteractingDrugs: ["unknown"]),
        })
        {
            var adjusted = CovariateModel.Adjust(DrugModels.Default, Infusion, factors);

            Assert.Equal(DrugModels.Default.Parameters, adjusted.Model.Parameters);
            Assert.Equal(
                Math.Sqrt((1 + 0.23 * 0.23) * (1 + 0.3 * 0.3) - 1),
                adjusted.Model.RandomEffects.Single(effect => effect.Name is "eta_CL").Cv, 1e-12);
            Assert.Contains(adjusted.Notes, note => note.Contains("widens eta_CL", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void What_was_not_stated_is_told_and_changes_nothing()
    {
        var adjusted = CovariateModel.Adjust(DrugModels.Default, Infusion, new ClinicalFactors());

        Assert.Equal(DrugModels.Default, adjusted.Model);
        Assert.Contains(adjusted.Notes, note => note.StartsWith("Hepatic function was not stated", StringComparison.Ordinal));
        Assert.Contains(adjusted.Notes, note => note.StartsWith("Interacting drugs were not stated", StringComparison.Ordinal));
        Assert.Empty(CovariateModel.Adjust(DrugModels.Default, Infusion, new ClinicalFactors(HepaticFunction.Normal, InteractingDrugs: [])).Notes);
    }

    [Theory]
    [InlineData("ketamine", HepaticFunction.Severe, Enantiomer.Racemic, null, "hepatic-outside-model")]
    [InlineData("domino", HepaticFunction.Mild, Enantiomer.Racemic, null, "hepatic-not-of-model")]
    [InlineData("esketamine", HepaticFunction.Normal, Enantiomer.R, null, "enantiomer-not-of-model")]
    [InlineData("ketamine", HepaticFunction.Normal, Enantiomer.Racemic, "aspirin", "interaction-unknown")]
    [InlineData("domino", HepaticFunction.Normal, Enantiomer.Racemic, "rifampicin", "model-without-variability")]
    public void What_is_outside_a_model_is_refused(string model, HepaticFunction hepatic, Enantiomer enantiomer, string? drug, string code)
        => Assert.Equal(code, Assert.Throws<InvalidInputException>(() => CovariateModel.Adjust(
            DrugModels.Get(model), Infusion, new ClinicalFactors(hepatic, enantiomer, drug is null ? null : [drug]))).Code);

    [Fact]
    public void The_liver_flow_of_esketamine_falls_with_age_beyond_sixty()
    {
        var model = DrugModels.Get("esketamine");
        double Median(double age) => PopulationCourse.Simulate(
            model with { RandomEffects = [.. model.RandomEffects.Select(effect => effect with { Cv = 0 })] },
            RegimenText.Parse("28 mg over 40 min"), Population.Of(new Covariates(Seventy, age)), 1, 1, [], CourseQuantities.Parse(model, ["auc:plasma"])).Values[0][0];

        // Clearance = Q k V / (Q + k V) of the liver, Q = 151 - 2.19 (age - 60).
        double Clearance(double flow) => flow * 391.88 / (flow + 391.88);
        Assert.Equal(28_000 / Clearance(151), Median(40), 1e-6);
        Assert.Equal(28_000 / Clearance(151 - 2.19 * 20), Median(80), 1e-6);
        Assert.Equal(Median(90), Median(120), 1e-9);
    }

    [Fact]
    public void Ages_and_weights_outside_the_models_are_refused_or_said()
    {
        Assert.Equal("age-outside-model", Assert.Throws<InvalidInputException>(
            () => CovariateModel.Adjust(DrugModels.Default, Infusion, new ClinicalFactors(), new Covariates(Seventy, 12))).Code);
        Assert.Contains(
            CovariateModel.Adjust(DrugModels.Default, Infusion, new ClinicalFactors(), new Covariates(new Kilograms(200), 95)).Notes,
            note => note.Contains("160 kg", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_effect_names_models_parameters_and_a_source()
        => Assert.All(CovariateModel.Effects, effect =>
        {
            Assert.False(string.IsNullOrWhiteSpace(effect.Citation));
            Assert.All(effect.Models, id => Assert.All(effect.Factors, factor =>
                Assert.Contains(DrugModels.Get(id).Parameters, parameter => string.Equals(parameter.Name, factor.Parameter, StringComparison.Ordinal))));
        });

    private static double Ratio(string model, string regimen, ClinicalFactors factors)
    {
        var order = RegimenText.Parse(regimen);
        double Auc(DrugModel used) => TypicalPatient.Exposures(used, order, Seventy)["arterial"].Auc;
        return Auc(CovariateModel.Adjust(DrugModels.Get(model), order, factors).Model) / Auc(DrugModels.Get(model));
    }
}
