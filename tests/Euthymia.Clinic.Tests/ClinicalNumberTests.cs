namespace Euthymia.Clinic.Tests;

public sealed class ClinicalNumberTests
{
    [Theory]
    [InlineData("0.5", "0.5")]
    [InlineData("0", "0")]
    [InlineData("61", "61")]
    [InlineData(" 61.25 ", "61.25")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("999999.9999", "999999.9999")]
    [InlineData("5.0", "5.0")]
    public void A_plain_decimal_is_read_exactly(string typed, string value)
    {
        Assert.True(ClinicalNumber.TryParse(typed, out var read, out var problem));
        Assert.Null(problem);
        Assert.Equal(value, read.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData(".")]
    [InlineData("1,5")]
    [InlineData("1,000")]
    [InlineData("1.2.3")]
    [InlineData("1e2")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("\u22121")]
    [InlineData("05")]
    [InlineData("00.5")]
    [InlineData("1 000")]
    [InlineData("1\u00A0000")]
    [InlineData("61\u00A0")]
    [InlineData("\t61")]
    [InlineData("0x10")]
    [InlineData("٥")]
    [InlineData("５")]
    [InlineData("½")]
    [InlineData("1'000")]
    [InlineData("1_000")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("∞")]
    [InlineData("0.5mg")]
    [InlineData("1000000")]
    [InlineData("0.00001")]
    [InlineData("1;5")]
    public void Anything_else_is_refused_with_a_remedy(string? typed)
    {
        Assert.False(ClinicalNumber.TryParse(typed, out var read, out var problem));
        Assert.Equal(0, read);
        Assert.NotEmpty(problem);
        var refusal = Assert.Throws<ClinicRuleException>(() => ClinicalNumber.Parse("dose", typed));
        Assert.Equal(new FieldError("dose", "number_format", problem), Assert.Single(refusal.Errors));
    }
}
