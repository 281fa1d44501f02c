namespace Euthymia.Clinic.Tests;

public sealed class InstrumentTests
{
    private static readonly Instrument Phq9 = Instrument.Phq9;

    private static int?[] Total(int total) => [.. Enumerable.Range(0, 9).Select(i => (int?)Math.Clamp(total - (3 * i), 0, 3))];

    [Fact]
    public void Every_total_falls_into_its_published_band()
    {
        for (var total = 0; total <= 27; total++)
        {
            var score = Phq9.Score(Total(total));
            Assert.Equal(total, score.Total);
            Assert.False(score.Prorated);
            Assert.Equal(total switch { <= 4 => "minimal", <= 9 => "mild", <= 14 => "moderate", <= 19 => "moderately severe", _ => "severe" }, score.Band);
        }
    }

    [Theory]
    [InlineData(1, 8, 9)]
    [InlineData(2, 7, 9)]
    [InlineData(3, 6, null)]
    [InlineData(9, 0, null)]
    public void Up_to_two_missing_items_are_prorated_and_more_give_no_total(int missing, int answered, int? total)
    {
        var score = Phq9.Score([.. Enumerable.Repeat<int?>(1, answered), .. Enumerable.Repeat<int?>(null, missing)]);
        Assert.Equal(total, score.Total);
        Assert.Equal(missing, score.Missing);
        Assert.Equal(total is not null, score.Prorated);
    }

    [Fact]
    public void Prorating_rounds_half_up()
    {
        Assert.Equal(14, Phq9.Score([2, 2, 2, 2, 2, 1, 1, null, 0]).Total); // 12 x 9 / 8 = 13.5
        Assert.Equal(27, Phq9.Score([3, 3, 3, 3, 3, 3, 3, null, null]).Total);
    }

    [Theory]
    [InlineData(20, 10, true)]
    [InlineData(20, 11, false)]
    [InlineData(19, 10, false)] // a fall of 9 of 19 is 47 %
    [InlineData(19, 9, true)]
    [InlineData(0, 0, null)]
    [InlineData(null, 5, null)]
    [InlineData(20, null, null)]
    public void Response_is_a_fall_of_at_least_half(int? baseline, int? total, bool? response) =>
        Assert.Equal(response, Phq9.IsResponse(baseline, total));

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(null, null)]
    public void Remission_is_a_total_below_five(int? total, bool? remission) => Assert.Equal(remission, Phq9.IsRemission(total));

    [Fact]
    public void Answers_outside_the_options_or_of_another_number_are_refused()
    {
        Assert.Equal("item1", Assert.Single(Assert.Throws<ClinicRuleException>(() => Phq9.Score([4, 0, 0, 0, 0, 0, 0, 0, 0])).Errors).Field);
        Assert.Equal("item9", Assert.Single(Assert.Throws<ClinicRuleException>(() => Phq9.Score([0, 0, 0, 0, 0, 0, 0, 0, -1])).Errors).Field);
        Assert.Equal("answers_count", Assert.Single(Assert.Throws<ClinicRuleException>(() => Phq9.Score([0, 0])).Errors).Code);
    }

    [Fact]
    public void The_definition_carries_its_codes_and_its_credit()
    {
        Assert.Equal(9, Phq9.Items.Count);
        Assert.Equal("44249-1", Phq9.PanelLoinc);
        Assert.Equal("44261-6", Phq9.TotalLoinc);
        Assert.Equal("44260-8", Phq9.Items[8].Loinc);
        Assert.Contains("No permission required", Phq9.Credit, StringComparison.Ordinal);
        Assert.Equal(9, Phq9.Items.Select(i => i.Loinc).Distinct(StringComparer.Ordinal).Count());
    }
}
