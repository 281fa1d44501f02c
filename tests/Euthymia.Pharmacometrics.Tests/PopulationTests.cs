namespace Euthymia.Pharmacometrics.Tests;

public sealed class PopulationTests
{
    private const int Count = 20_000;

    [Theory]
    [InlineData("adults", 0.4, 0.1, -0.1)]
    [InlineData("older-adults", 0.4, -0.1, -0.2)]
    public void Weight_height_and_age_are_correlated_as_the_file_says(string id, double weightHeight, double weightAge, double heightAge)
    {
        var women = Enumerable.Range(0, Count).Select(i => Population.Get(id).Patient(5, i)).Where(patient => patient.Sex == Sex.Female).ToArray();
        double[] weights = [.. women.Select(patient => Math.Log(patient.WeightKg))];
        double[] heights = [.. women.Select(patient => patient.HeightCm!.Value)];
        double[] ages = [.. women.Select(patient => patient.AgeYears!.Value)];

        // Cutting at the bounds takes a little off the correlations.
        Assert.Equal(weightHeight, Correlation(weights, heights), 0.03);
        Assert.Equal(weightAge, Correlation(weights, ages), 0.03);
        Assert.Equal(heightAge, Correlation(heights, ages), 0.03);
        Assert.Equal(0.6, women.Length / (double)Count, 0.02);
    }

    [Fact]
    public void Random_effects_follow_the_covariance_of_the_model()
    {
        using var reader = new StreamReader(typeof(DrugModels).Assembly.GetManifestResourceStream("Euthymia.Pharmacometrics.Models.ketamine.json")!);
        var text = reader.ReadToEnd();
        const string Pair = "\"correlations\": [{ \"first\": \"eta_CL\", \"second\": \"eta_CLn\", \"correlation\": 0.6, \"citation\": \"hasan2021\", \"status\": \"assumed\" }],\n  \"observations\": [";
        var model = DrugModels.Parse(text.Replace("\"observations\": [", Pair, StringComparison.Ordinal));
        var population = Population.Of(new Covariates(new Kilograms(70)));
        var quantities = CourseQuantities.Parse(model, ["auc:arterial", "auc:norketamine"]);
        var course = PopulationCourse.Simulate(model, RegimenText.Parse("35 mg over 40 min"), population, Count, 3, [], quantities);

        // AUC of ketamine is dose / CL and that of norketamine fm dose / CLn, so their logs are minus the random effects.
        Assert.Equal(0.6, Correlation([.. course.Values[0].Select(value => Math.Log(value))], [.. course.Values[1].Select(value => Math.Log(value))]), 0.02);

        var broken = text.Replace("\"observations\": [", Pair.Replace("0.6", "1.5", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("model-inconsistent", Assert.Throws<InvalidInputException>(() => DrugModels.Parse(broken)).Code);
    }

    [Fact]
    public void What_is_not_known_of_a_patient_varies_as_between_adults()
    {
        var known = Population.Of(new Covariates(new Kilograms(70), 50, Sex.Male)).Patient(1, 7);
        var unknown = Enumerable.Range(0, 200).Select(i => Population.Of(new Covariates(new Kilograms(70))).Patient(1, i)).ToArray();

        Assert.Equal(new VirtualPatient(70, null, 50, Sex.Male), known);
        Assert.All(unknown, patient => Assert.Equal(70, patient.WeightKg));
        Assert.True(unknown.Select(patient => patient.AgeYears).Distinct().Count() > 100);
        Assert.Equal(2, unknown.Select(patient => patient.Sex).Distinct().Count());
    }

    private static double Correlation(double[] x, double[] y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        double Sum(Func<double, double, double> term) => x.Zip(y, (a, b) => term(a - meanX, b - meanY)).Sum();
        return Sum((a, b) => a * b) / Math.Sqrt(Sum((a, _) => a * a) * Sum((_, b) => b * b));
    }
}
