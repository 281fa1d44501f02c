using CsCheck;

namespace Euthymia.Pharmacometrics.Tests.Events;

/// <summary>Whatever stands in a file: a typed error that names the place, or finite answers; no hang and nothing else.</summary>
public sealed class EventExtremesTests
{
    private static readonly string[] Cells =
        [".", "", "0", "1", "-1", "-2", "2", "3", "4", "5", "1e-300", "1e-9", "1e-3", "0.5", "24", "100", "1e6", "1e9", "1e15", "1e16", "NaN", "inf", "-1e15", "noon", "\"7\"", " 8 "];

    private static readonly string[] Parameters = ["0", "1e-15", "1e-9", "0.3", "1", "5", "70", "1e6", "1e15", "1e16", "-1", "WT", "5*(WT/70)^0.75", "1/0", "log(0-1)", "WT^99"];

    [Fact]
    public void Any_cells_and_parameters_give_a_typed_error_or_finite_numbers()
        => Gen.Select(
            OneOf(Cells).Array[9].Array[1, 5], OneOf(Parameters).Array[9], OneOf("iv1", "iv2", "iv3", "oral1", "oral2", "oral3"),
            OneOf("forward", "backward", "linear"), Gen.Bool).Sample(
            (rows, p, model, carry, sensible) =>
            {
                // Half of the files have a first line that is a good dose, so that not all fail on it.
                var text = "ID,TIME,AMT,RATE,DUR,ADDL,II,SS,EVID,WT\n" + (sensible ? "1,0,100,5,.,3,24,.,1,70\n" : "")
                    + string.Concat(rows.Select(row => $"1,{string.Join(',', row)}\n"));
                var parameters = $"CL={p[0]},V1={p[1]}" + (model[^1] > '1' ? $",Q2={p[2]},V2={p[3]}" : "") + (model[^1] > '2' ? $",Q3={p[4]},V3={p[5]}" : "")
                    + (model[0] == 'o' ? $",KA={p[6]}" : "") + $",F1={p[7]},ALAG1={p[8]}";
                Finite(text, model, parameters, $"WT={carry}");
            },
            iter: 10_000);

    /// <summary>The same with numbers that nearly all are allowed, so that the solver sees them.</summary>
    [Fact]
    public void Extreme_but_allowed_numbers_give_a_typed_error_or_finite_numbers()
    {
        var number = OneOf("1e-300", "1e-15", "1e-9", "1e-6", "1e-3", "0.7", "1", "33", "1e3", "87600", "1e6", "1e9", "1e15");
        var whole = OneOf("0", "1", "3", "40");
        Gen.Select(
            Gen.Select(number, number, OneOf("0", "-1", "-2", "1e-300", "1e-3", "20", "1e9"), whole, number, OneOf("0", "1", "2")).Array[1, 3],
            number.Array[12], OneOf("iv1", "iv2", "iv3", "oral1", "oral2", "oral3")).Sample(
            (doses, p, model) =>
            {
                var text = "ID,TIME,AMT,RATE,ADDL,II,SS,EVID\n"
                    + string.Concat(doses.Select((d, i) => $"1,{i},{d.Item2},{d.Item3},{d.Item4},{d.Item5},{d.Item6},{(d.Item1.Length == 3 ? 4 : 1)}\n1,{i},.,.,.,.,.,0\n"))
                    + "1,50,.,.,.,.,.,0\n1,87600,.,.,.,.,.,0\n1,1e9,.,.,.,.,.,0\n";
                var parameters = $"CL={p[0]},V1={p[1]}" + (model[^1] > '1' ? $",Q2={p[2]},V2={p[3]}" : "") + (model[^1] > '2' ? $",Q3={p[4]},V3={p[5]}" : "")
                    + (model[0] == 'o' ? $",KA={p[6]}" : "") + $",F1={p[7]},ALAG1={p[8]},D1={p[9]},R1={p[10]}";
                Finite(text, model, parameters, "");
            },
            iter: 10_000);
    }

    [Theory]
    [InlineData("1,0,1,-1,0,70", "amount-negative")]
    [InlineData("1,0,1,100,-1,70", "rate-parameter-missing")]
    [InlineData("1,NaN,1,100,0,70", "value-not-understood")]
    [InlineData("1,,1,100,0,70", "time-missing")]
    [InlineData("1,0,0,100,0,70", "amount-without-dose")]
    [InlineData("1,0,2,100,0,70", "amount-without-dose")]
    [InlineData("1,0,3,100,0,70", "amount-without-dose")]
    [InlineData("1,0,1,0,0,70", "amount-missing")]
    [InlineData("1,0,1,0,25,70", "amount-missing")]
    [InlineData(",0,1,100,0,70", "id-missing")]
    [InlineData("1,0,1.5,100,0,70", "evid-unknown")]
    [InlineData("1,0,1,100,0", "columns-differ")]
    [InlineData("1,0,1,100,0,70,1", "columns-differ")]
    public void A_line_that_cannot_be_meant_names_file_line_and_column(string row, string code)
    {
        var error = Assert.Throws<InvalidInputException>(() => EventFile.Run("ID,TIME,EVID,AMT,RATE,WT\n" + row + "\n", "iv1", "CL=5,V1=20"));

        Assert.Equal(code, error.Code);
        Assert.Equal("events", error.Field);
        Assert.StartsWith("doses.csv, line 2, column ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ID,TIME,AMT,CMT\n1,0,100,-1\n", "compartment-unknown")]
    [InlineData("ID,TIME,AMT,CMT,EVID\n1,0,0,-1,2\n", "compartment-unknown")]
    [InlineData("ID,TIME,AMT,CMT\n1,0,100,1.5\n", "value-out-of-range")]
    [InlineData("ID,TIME,AMT,ADDL,II\n1,0,100,-1,12\n", "value-out-of-range")]
    [InlineData("ID,TIME,AMT,ADDL,II\n1,0,100,2,-12\n", "interval-missing")]
    [InlineData("ID,TIME,AMT,DV\n1,0,100,BLQ\n", "value-not-understood")]
    [InlineData("ID,TIME,AMT,RATE,SS,II\n1,0,100,1e-9,1,1e-9\n", "steady-state-overlap")]
    [InlineData("ID,TIME,AMT,RATE,SS,II\n1,0,0,-2,1,0\n", "amount-missing")]
    [InlineData("ID,TIME,AMT,RATE,SS,II,ADDL\n1,0,0,5,1,0,3\n", "interval-missing")]
    [InlineData("ID,TIME,AMT,DUR\n1,0,100,-1\n", "duration-negative")]
    [InlineData("ID;TIME;AMT\n1;0;100\n", "column-missing")]
    public void Other_columns_that_cannot_be_meant_do_so_too(string text, string code)
    {
        var error = Assert.Throws<InvalidInputException>(() => EventFile.Run(text, "iv1", "CL=5,V1=20"));

        Assert.Equal(code, error.Code);
        Assert.Matches("^doses.csv, line [0-9]+, column ", error.Message);
    }

    [Theory]
    [InlineData(1e-12, 0)]
    [InlineData(1e-9, 0)]
    [InlineData(1e-9, 1_000_000)]
    [InlineData(1e-3, 87_600)]
    [InlineData(1e6, 0)]
    public void All_of_an_infusion_goes_in_however_short_long_or_late(double duration, double start)
    {
        var text = FormattableString.Invariant($"ID,TIME,AMT,DUR,SS\n1,{start:R},100,{duration:R},0\n1,{start:R},.,.,.\n1,{start + 2 * duration:R},.,.,.\n1,{start + 1000 + 2 * duration:R},.,.,.\n");
        var amounts = EventFile.Run(text, "iv2", "CL=0,V1=20,Q=8,V2=60", quantities: "A1,A2");

        Assert.Equal(100, amounts[^2] + amounts[^1], 1e-8);
    }

    [Fact]
    public void A_thousand_overlapping_infusions_and_a_million_further_doses_end()
    {
        var overlapping = "ID,TIME,EVID,AMT,DUR,ADDL,II\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => FormattableString.Invariant($"1,{i * 0.01:R},1,1,500,0,0\n"))) + "1,600,0,.,.,.,.\n";
        Assert.Equal(1000, EventFile.Run(overlapping, "iv1", "CL=0,V1=1")[^1], 1e-7);

        const string many = "ID,TIME,AMT,ADDL,II\n1,0,1,1000000,0.0876\n1,87600,.,.,.\n";
        Assert.Equal(1_000_001, EventFile.Run(many, "iv1", "CL=0,V1=1")[^1], 1e-3);
    }

    [Fact]
    public void Files_as_R_writes_them_are_read()
        => Assert.Equal(
            EventFile.Run("ID,TIME,AMT,DV\n7,0,100,.\n7,2,.,.\n", "iv1", "CL=5,V=20"),
            EventFile.Run("\"\",\"id\",\"time\",\"amt\",\"DV\"\r\n\"1\",7,0,100,NA\r\n\"2\",7,2,NA,NA\r\n\r\n", "iv1", "CL=5,V=20"));

    [Fact]
    public void A_peripheral_compartment_without_exchange_is_as_if_it_were_not_there()
    {
        const string text = "ID,TIME,AMT\n1,0,100\n1,1,.\n1,30,.\n";

        Assert.Equal(EventFile.Run(text, "iv1", "CL=5,V1=20"), EventFile.Run(text, "iv2", "CL=5,V1=20,Q=0,V2=60"));
        Assert.Equal(EventFile.Run(text, "oral2", "KA=1,CL=5,V1=20,Q=8,V2=60")[2], EventFile.Run(text, "oral3", "KA=1,CL=5,V1=20,Q2=8,V2=60,Q3=0,V3=1")[2], 1e-13);
    }

    [Fact]
    public void Expressions_nested_without_end_are_refused()
        => Assert.All(
            [new string('-', 200_000) + "1", string.Concat(Enumerable.Repeat("2^", 200_000)) + "1", new string('(', 200_000)],
            expression => Assert.Equal("parameter-not-understood", Assert.Throws<InvalidInputException>(() => EventFile.Run("ID,TIME\n1,0\n", "iv1", "V1=1,CL=" + expression)).Code));

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static void Finite(string text, string model, string parameters, string carry)
    {
        try
        {
            Assert.DoesNotContain(EventFile.Run(text, model, parameters, carry), value => !(value >= 0 && double.IsFinite(value)));
        }
        catch (InvalidInputException error)
        {
            Assert.NotEmpty(error.Field);
            Assert.NotEmpty(error.Message);
        }
    }
}
