namespace Euthymia.Pharmacometrics.Tests;

public sealed class AgreementTests
{
    /// <summary>Bounds a little above what the parameters reach, so that a change of model or engine is seen.</summary>
    [Theory]
    [InlineData("kamp-arterial", 5, 12)]
    [InlineData("kamp-norketamine", 8, 10)]
    [InlineData("hasan-venous", 6, 8)]
    [InlineData("hasan-peak", 1, 1)]
    [InlineData("zarate-peak", 7, 7)]
    [InlineData("kamp-clearance", 8, 8)]
    public void The_default_model_agrees_with_published_data(string id, double bias, double inaccuracy)
    {
        var agreement = Agreement.Of(Dataset(id));

        Assert.InRange(agreement.MdPePercent, -bias, bias);
        Assert.InRange(agreement.MdApePercent, 0, inaccuracy);
    }

    [Fact]
    public void Peaks_of_volunteers_lie_in_the_published_range()
    {
        var agreement = Agreement.Of(Dataset("krystal-range"));
        var point = Assert.Single(agreement.Points);

        Assert.InRange(point.Predicted, point.Point.Low!.Value, point.Point.High!.Value);
    }

    [Fact]
    public void What_does_not_agree_is_shown_all_the_same()
        => Assert.InRange(Agreement.Of(Dataset("hasan-half-life")).MdPePercent, 50, 120);

    [Fact]
    public void Every_data_set_has_a_source_and_predictions()
        => Assert.All(ObservedData.All, dataset =>
        {
            Assert.False(string.IsNullOrWhiteSpace(dataset.Citation));
            Assert.All(Agreement.Of(dataset).Points, point => Assert.True(point.Predicted > 0));
        });

    private static ObservedDataset Dataset(string id)
        => ObservedData.All.Single(dataset => string.Equals(dataset.Id, id, StringComparison.Ordinal));
}
