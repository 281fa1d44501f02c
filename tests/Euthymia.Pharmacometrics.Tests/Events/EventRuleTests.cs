using Euthymia.Pharmacometrics.Events;

namespace Euthymia.Pharmacometrics.Tests.Events;

/// <summary>The rules of docs/methods/events.md one by one, where one compartment gives the answer on paper.</summary>
public sealed class EventRuleTests
{
    private const double K = 0.25;

    [Fact]
    public void Records_at_one_time_happen_in_the_order_of_the_file()
        => Assert.Equal([0, 5, 5, 7.5, 7.5], Run("1,4,0,.,0,0,0,0\n1,4,1,100,0,0,0,0\n1,4,0,.,0,0,0,0\n1,4,1,50,0,0,0,0\n1,4,2,.,0,0,0,0\n"), Within(1e-13));

    [Fact]
    public void A_further_dose_at_the_time_of_an_observation_comes_before_it()
    {
        // 0.1 x 3 is not 0.3 in binary; both are meant to be one time.
        var values = Run("1,0,1,100,0,3,0.1,0\n1,0.3,0,.,0,0,0,0\n");

        Assert.Equal(5 * (1 + Math.Exp(-0.1 * K) + Math.Exp(-0.2 * K) + Math.Exp(-0.3 * K)), values[1], 1e-13);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void A_reset_forgets_further_doses_running_infusions_and_doses_on_their_way(int evid)
    {
        var given = evid == 4 ? 20 : 0;
        var values = Run($"1,0,1,100,10,5,6,0\n1,5,1,70,0,0,0,0\n1,7,{evid},{given},0,0,0,0\n1,7,0,.,0,0,0,0\n1,9.5,0,.,0,0,0,0\n1,60,0,.,0,0,0,0\n", ",ALAG1=2.5");

        Assert.Equal([0, 0, given / 20.0], [values[2], values[3], values[4]], Within(1e-13));
        Assert.Equal(given / 20.0 * Math.Exp(-K * 50.5), values[5], 1e-13);
    }

    [Fact]
    public void Steady_state_1_forgets_what_was_pending_and_steady_state_2_does_not()
    {
        const string before = "1,0,1,100,0,9,7,0\n";
        var fresh = Run("1,10,1,60,0,0,8,1\n1,30,0,.,0,0,0,0\n", ",ALAG1=1");
        var replaced = Run(before + "1,10,1,60,0,0,8,1\n1,30,0,.,0,0,0,0\n", ",ALAG1=1");
        var added = Run(before + "1,10,1,60,0,0,8,2\n1,30,0,.,0,0,0,0\n", ",ALAG1=1");
        var alone = Run(before + "1,10,2,.,0,0,0,0\n1,30,0,.,0,0,0,0\n", ",ALAG1=1");

        Assert.Equal(fresh, replaced[1..], Within(1e-13));
        Assert.Equal([fresh[0] + alone[1], fresh[1] + alone[2]], added[1..], Within(1e-13));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(20)]
    public void With_a_lag_the_steady_state_is_that_of_doses_that_arrive_later(double lag)
    {
        // Last arrival before the record: the lag modulo the interval of 8 after a dose; one at the record is in it.
        var since = lag % 8 == 0 ? 0 : 8 - lag % 8;
        var values = Run("1,0,1,100,0,0,8,1\n", FormattableString.Invariant($",ALAG1={lag}"));

        Assert.Equal(5 * Math.Exp(-K * since) / (1 - Math.Exp(-8 * K)), values[0], 1e-13);
    }

    /// <summary>Infusions of twice the interval: two always run, and the concentration stands still at both rates over CL.</summary>
    [Theory]
    [InlineData("25", "", 2, 10)]
    [InlineData("-2", ",D1=20", 10, 2)]
    [InlineData("-1", ",R1=5", 10, 2)]
    [InlineData("5", ",F1=0.5", 5, 2)]
    [InlineData("-2", ",D1=20,F1=0.5", 10, 1)]
    [InlineData("-2", ",D1=20,ALAG1=7", 10, 2)]
    [InlineData("-2", ",D1=20,ALAG1=27", 10, 2)]
    public void Infusions_longer_than_the_interval_overlap_at_steady_state(string rate, string more, int interval, double concentration)
        => Assert.Equal(
            [concentration, concentration, concentration],
            Run($"1,0,1,100,{rate},5,{interval},1\n1,0.3,0,.,0,0,0,0\n1,{4 * interval},0,.,0,0,0,0\n", more),
            Within(1e-12));

    [Theory]
    [InlineData("10", "")]
    [InlineData("-1", ",R1=10")]
    [InlineData("10", ",F1=0.3,ALAG1=4")]
    public void A_constant_infusion_at_steady_state_ends_at_its_record(string rate, string more)
        => Assert.Equal([2, 2 * Math.Exp(-3 * K)], Run($"1,0,1,0,{rate},0,0,1\n1,3,0,.,0,0,0,0\n", more), Within(1e-13));

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e9")]
    [InlineData("NaN")]
    public void A_weight_that_is_none_is_named_with_its_line(string weight)
    {
        var error = Assert.Throws<InvalidInputException>(() =>
        {
            var table = EventFile.Read($"ID,TIME,AMT,WT\n1,0,35,70\n1,1,.,{weight}\n");
            var model = DrugEventModel.Create(DrugModels.Default, null, table.CovariateNames);
            EventSimulation.Run(table, model, EventSimulation.Quantities(model, []), new Dictionary<string, CovariateCarry>(StringComparer.Ordinal) { ["WT"] = CovariateCarry.Forward });
        });

        Assert.Equal("events", error.Field);
        Assert.StartsWith("doses.csv, line 3", error.Message, StringComparison.Ordinal);
    }

    private static double[] Run(string rows, string more = "") => EventFile.Run("ID,TIME,EVID,AMT,RATE,ADDL,II,SS\n" + rows, "iv1", "CL=5,V=20" + more);

    private static EqualityComparer<double> Within(double tolerance) => EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) <= tolerance);
}
