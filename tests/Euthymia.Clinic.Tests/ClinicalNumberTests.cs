using System.Globalization;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic.Tests;

public sealed class ClinicalNumberTests
{
    /// <summary>Hazard H11: no culture of the machine turns 1.5 into 15, when read or when written.</summary>
    [Fact]
    public void Every_culture_reads_and_writes_the_same_number()
    {
        // Forty ways of the world to write numbers, made here: a machine without ICU data has one culture only.
        string[] points = [",", "\u066B", "\u00B7", "'", " "];
        string[] groups = [".", ",", "'", "\u00A0", "\u202F", "\u066C", "\u2019", "_"];
        var cultures = (from point in points from groupMark in groups select Culture(point, groupMark)).ToList();
        var own = CultureInfo.CurrentCulture;
        try
        {
            foreach (var culture in cultures)
            {
                CultureInfo.CurrentCulture = culture;
                Assert.Equal(1.5m, ClinicalNumber.Parse("dose", "1.5"));
                Assert.Equal(1234.5m, ClinicalNumber.Parse("dose", "1234.5"));
                Assert.False(ClinicalNumber.TryParse(1.5m.ToString(culture), out _, out _));
                Assert.Equal("1234.5 mg", $"{new Milligrams(1234.5m)}".Replace('\u00A0', ' ').Replace('\u202F', ' '));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = own;
        }
    }

    private static CultureInfo Culture(string point, string groupMark)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = point;
        culture.NumberFormat.NumberGroupSeparator = groupMark;
        culture.NumberFormat.NegativeSign = "\u2212";
        return culture;
    }

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
