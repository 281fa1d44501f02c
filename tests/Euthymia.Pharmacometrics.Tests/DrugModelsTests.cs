namespace Euthymia.Pharmacometrics.Tests;

public sealed class DrugModelsTests
{
    [Fact]
    public void Every_number_of_a_shipped_model_has_a_source_and_a_unit()
        => Assert.All(DrugModels.All, model =>
        {
            Assert.All(model.Parameters, parameter =>
            {
                Assert.True(model.Citations.ContainsKey(parameter.Citation));
                Assert.False(string.IsNullOrWhiteSpace(parameter.Unit));
            });
            Assert.All(model.RandomEffects, effect => Assert.True(model.Citations.ContainsKey(effect.Citation)));
            Assert.NotEmpty(model.Limits);
        });

    [Fact]
    public void An_unknown_model_is_refused_with_those_there_are()
    {
        var error = Assert.Throws<InvalidInputException>(() => DrugModels.Get("propofol"));

        Assert.Equal("model-unknown", error.Code);
        Assert.Contains("ketamine", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2", "model-format")]
    [InlineData("\"volume\": \"V1\"", "\"volume\": \"V9\"", "model-inconsistent")]
    [InlineData("\"clearance\": \"Q2\"", "\"clearance\": \"Q9\"", "model-inconsistent")]
    [InlineData("\"infusionInto\": \"central\"", "\"infusionInto\": \"arm\"", "model-inconsistent")]
    [InlineData("\"randomEffect\": \"eta_CL\"", "\"randomEffect\": \"eta_X\"", "model-inconsistent")]
    [InlineData("\"value\": 25,", "\"value\": -25,", "model-inconsistent")]
    [InlineData("\"value\": 25,", "\"value\": \"many\",", "model-not-understood")]
    [InlineData("\"value\": 25,", "\"walue\": 25,", "model-not-understood")]
    public void A_model_file_that_does_not_hold_together_is_refused(string good, string bad, string code)
    {
        var text = ShippedText();
        Assert.Contains(good, text, StringComparison.Ordinal);

        Assert.Equal(code, Assert.Throws<InvalidInputException>(() => DrugModels.Parse(text.Replace(good, bad, StringComparison.Ordinal))).Code);
    }

    [Fact]
    public void Text_that_is_no_model_is_refused()
        => Assert.Equal("model-not-understood", Assert.Throws<InvalidInputException>(() => DrugModels.Parse("{")).Code);

    private static string ShippedText()
    {
        using var reader = new StreamReader(typeof(DrugModels).Assembly.GetManifestResourceStream("Euthymia.Pharmacometrics.Models.ketamine.json")!);
        return reader.ReadToEnd();
    }
}
