using CsCheck;

namespace Euthymia.Pharmacometrics.Tests.Events;

/// <summary>Covariates that change over time, where one compartment gives the answer on paper: C = D/V exp(-integral of CL/V).</summary>
public sealed class EventCovariateTests
{
    private const string Heading = "ID,TIME,AMT,X\n";

    private static readonly Gen<(double Step, double? Value)[]> Course =
        Gen.Select(Grid.Time(0.01, 12), Gen.Double[0.2, 5], Gen.Bool, (step, value, given) => (step, given ? value : (double?)null)).Array[1, 8];

    [Theory]
    [InlineData("forward")]
    [InlineData("backward")]
    [InlineData("linear")]
    public void Each_carry_agrees_with_the_integral_of_the_clearance(string carry)
        => Gen.Select(Course, Gen.Double[0.2, 5]).Sample(
            (course, first) =>
            {
                (double Time, double? Value)[] records = [(0, first), .. course.Select((record, i) => (course[..(i + 1)].Sum(step => step.Step), record.Value))];
                var text = Heading + string.Concat(records.Select((record, i) =>
                    FormattableString.Invariant($"1,{record.Time:R},{(i == 0 ? 100 : 0)},{record.Value?.ToString("R") ?? "."}\n")));
                var values = EventFile.Run(text, "iv1", "CL=X,V1=20", $"X={carry}");
                // A clearance linear in the covariate makes the integral exact on each stretch between given values.
                var given = records.Where(record => record.Value is not null).ToArray();
                for (var i = 0; i < records.Length; i++)
                    Assert.Equal(100 / 20.0 * Math.Exp(-Integral(given, records[i].Time, carry) / 20), values[i], 1e-10);
            },
            iter: 10_000);

    [Fact]
    public void A_column_that_the_parameters_do_not_use_needs_no_choice()
        => Assert.Equal(5, EventFile.Run("ID,TIME,AMT,A,T,WT\n1,0,100,1,1,70\n1,0,.,2,2,70\n", "iv1", "CL=5*WT/70,V1=20")[1], 1e-12);

    [Fact]
    public void Further_doses_keep_the_modifiers_of_their_record()
    {
        // F, lag and duration as the covariate is at the dose, though it is tripled before the second dose.
        const string rows = "ID,TIME,AMT,RATE,ADDL,II,X\n1,0,100,-2,1,10,1\n1,5,.,.,.,.,3\n1,13,.,.,.,.,3\n";
        var changing = EventFile.Run(rows, "iv1", "CL=0,V1=20,F1=0.2*X,ALAG1=0.5*X,D1=2*X", "X=forward", "A1");

        Assert.Equal(20, changing[1], 1e-12);
        Assert.Equal(40, changing[2], 1e-12);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(100, 3)]
    [InlineData(10, 130)]
    public void A_line_over_ten_years_in_three_compartments_agrees_with_short_stretches(double from, double to)
    {
        const string parameters = "CL=5*(X/70)^0.75,V1=20*X/70,Q2=8*(X/70)^0.75,V2=60,Q3=0.5,V3=300";
        var text = (double step) => "ID,TIME,AMT,RATE,SS,II,X\n" + string.Concat(Enumerable.Range(0, (int)(87_600 / step) + 1).Select(i =>
            FormattableString.Invariant($"1,{i * step:R},{(i == 0 ? 100 : 0)},{(i == 0 ? 0.001 : 0):R},0,0,{from + (to - from) * i * step / 87_600:R}\n")));
        var once = EventFile.Run(text(87_600), "iv3", parameters, "X=linear")[^1];
        var often = EventFile.Run(text(73), "iv3", parameters, "X=linear")[^1];

        Assert.True(often > 0);
        Assert.Equal(often, once, 1e-8 * often);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e9")]
    public void A_covariate_that_makes_a_parameter_impossible_is_named_with_its_line(string weight)
    {
        var error = Assert.Throws<InvalidInputException>(() => EventFile.Run($"ID,TIME,AMT,WT\n1,0,100,70\n1,1,.,{weight}\n", "iv1", "CL=5,V1=20*(70-WT)^3/WT", "WT=forward"));

        Assert.Equal("parameter-out-of-range", error.Code);
        Assert.Contains("doses.csv, line ", error.Message, StringComparison.Ordinal);
    }

    private static double Integral((double Time, double? Value)[] given, double until, string carry)
    {
        var sum = 0.0;
        for (var i = 0; i < given.Length; i++)
        {
            var (from, to) = (given[i].Time, i + 1 < given.Length ? given[i + 1].Time : double.PositiveInfinity);
            if (until <= from)
                break;
            var (length, value) = (Math.Min(until, to) - from, given[i].Value!.Value);
            var next = i + 1 < given.Length ? given[i + 1].Value!.Value : value;
            sum += length * carry switch
            {
                "forward" => value,
                "backward" => next,
                _ => value + (next - value) * (double.IsInfinity(to) ? 0 : length / (to - from) / 2),
            };
        }

        return sum;
    }
}
