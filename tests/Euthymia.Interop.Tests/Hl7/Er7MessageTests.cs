using CsCheck;
using Euthymia.Interop.Hl7;

namespace Euthymia.Interop.Tests.Hl7;

public sealed class Er7MessageTests
{
    [Fact]
    public void Fields_repetitions_and_components_are_numbered_from_one()
    {
        var message = Er7Message.Parse("MSH|^~\\&|app^id|fac\rZZZ|a~b^c&d|second\r");

        Assert.Equal("|", message.Msh.Text(1));
        Assert.Equal("^~\\&", message.Msh.Text(2));
        Assert.Equal("id", message.Msh.Text(3, component: 2));
        Assert.Equal("fac", message.Msh.Text(4));
        var segment = message.All("ZZZ").Single();
        Assert.Equal("a", segment.Text(1));
        Assert.Equal("c", segment.Text(1, component: 2, repetition: 2));
        Assert.Equal("second", segment.Text(2));
        Assert.Equal("", segment.Text(1, component: 3));
        Assert.Equal("", segment.Text(9));
    }

    [Fact]
    public void A_message_may_declare_other_delimiters()
        => Assert.Equal("b|c", Er7Message.Parse("MSH#*~\\&#x\rZZZ#a*b|c\r").Segments[1].Text(1, component: 2));

    [Fact]
    public void Escaped_text_comes_back()
        => Gen.String[Gen.Char[' ', '~'], 0, 60].Sample(text =>
        {
            var message = Er7Message.Parse($"MSH|^~\\&|x|y\rZZZ|{Er7Delimiters.Usual.Escaped(text)}\r");

            Assert.Equal(text, message.Segments[1].Text(1));
        });

    [Theory]
    [InlineData(@"caf\XC3A9\", "café")]
    [InlineData(@"one\.br\two", "one\ntwo")]
    [InlineData(@"\H\bold\N\", "bold")]
    public void Escape_sequences_are_read(string text, string expected)
        => Assert.Equal(expected, Er7Message.Parse($"MSH|^~\\&|x|y\rZZZ|{text}\r").Segments[1].Text(1));

    [Theory]
    [InlineData(@"open\F")]
    [InlineData(@"\Q\")]
    [InlineData(@"\X0\")]
    [InlineData(@"\XZZ\")]
    public void Escape_sequences_that_are_not_understood_are_refused(string text)
        => Assert.Equal(102, Assert.Throws<Hl7Exception>(() => Er7Message.Parse($"MSH|^~\\&|x|y\rZZZ|{text}\r").Segments[1].Text(1)).Code);

    [Theory]
    [InlineData("")]
    [InlineData("MSH")]
    [InlineData("FHS|^~\\&|x|y")]
    [InlineData("MSH|^^\\&|x|y")]
    [InlineData("MSH|ABCD|x|y")]
    public void A_wrong_header_is_rejected(string text)
    {
        var refusal = Assert.Throws<Hl7Exception>(() => Er7Message.Parse(text));

        Assert.Equal((AckCode.AR, 100), (refusal.Ack, refusal.Code));
    }

    [Theory]
    [InlineData("MSH|^~\\&|x|y\rOB|1\r")]
    [InlineData("MSH|^~\\&|x|y\rO|1\r")]
    [InlineData("MSH|^~\\&|x|y\rMSH|^~\\&|x|y\r")]
    public void A_segment_without_a_valid_name_is_refused(string text)
        => Assert.Equal(100, Assert.Throws<Hl7Exception>(() => Er7Message.Parse(text)).Code);

    [Fact]
    public void Too_many_segments_or_fields_are_refused()
    {
        Assert.Throws<Hl7Exception>(() => Er7Message.Parse("MSH|^~\\&|x|y\r" + string.Concat(Enumerable.Repeat("ZZZ|1\r", Er7Message.MaximumSegments))));
        Assert.Throws<Hl7Exception>(() => Er7Message.Parse("MSH|^~\\&|x|y\rZZZ" + new string('|', Er7Message.MaximumFields)));
    }

    [Fact]
    public void Bytes_that_are_not_text_are_refused()
        => Assert.Equal(102, Assert.Throws<Hl7Exception>(() => Er7Message.Parse([.. "MSH|^~\\&|x|y"u8, 0xFF, 0xFE])).Code);

    [Fact]
    public void Any_bytes_give_a_message_or_a_typed_refusal()
        => Gen.Select(Gen.Byte.Array[0, 300], Gen.Bool).Sample((bytes, withHeader) =>
        {
            try
            {
                var message = Er7Message.Parse(withHeader ? [.. "MSH|^~\\&|"u8, .. bytes] : bytes);
                foreach (var segment in message.Segments)
                    _ = segment.Text(3, 2);
            }
            catch (Hl7Exception refusal)
            {
                Assert.InRange(refusal.Code, 100, 207);
            }
        });
}
