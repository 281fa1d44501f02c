using CsCheck;
using Euthymia.Pharmacometrics.Events;

namespace Euthymia.Pharmacometrics.Tests;

/// <summary>Event records against closed forms of one compartment, and against long runs of plain doses.</summary>
public sealed class EventSimulationTests
{
    private const string Parameters = "CL=5,V1=20,KA=1.2";
    private const double Ke = 0.25;
    private const double Ka = 1.2;

    [Fact]
    public void A_bolus_falls_as_one_exponential()
    {
        var values = Run("ID,TIME,AMT\n1,0,100\n1,1,.\n1,6,.\n", "iv1", "CL=5,V1=20");

        Assert.Equal([5, 5 * Math.Exp(-Ke), 5 * Math.Exp(-6 * Ke)], values, Within(1e-12));
    }

    [Theory]
    [InlineData("RATE", "25", "", 4)]
    [InlineData("DUR", "4", "", 4)]
    [InlineData("RATE", "-2", ",D1=4", 4)]
    [InlineData("RATE", "-1", ",R1=25", 4)]
    [InlineData("RATE", "25", ",F1=0.5", 2)]
    [InlineData("RATE", "-1", ",R1=25,F1=0.5", 2)]
    [InlineData("DUR", "4", ",F1=0.5", 4)]
    [InlineData("RATE", "-2", ",D1=4,F1=0.5", 4)]
    [InlineData("RATE", "25", ",ALAG1=0.5,F1=0.5", 2, 0.5)]
    [InlineData("RATE", "-2", ",D1=4,ALAG1=1.5,F1=0.5", 4, 1.5)]
    public void Rate_duration_bioavailability_and_lag_go_together(string column, string value, string more, double duration, double lag = 0)
    {
        var bioavailability = more.Contains("F1=0.5", StringComparison.Ordinal) ? 0.5 : 1;
        var rate = 100 * bioavailability / duration;
        double[] times = [0, 1, 2, 3, 5, 9];
        var rows = string.Concat(times.Select(time => $"1,{time},0,.,.\n"));
        var values = Run($"ID,TIME,EVID,AMT,{column}\n1,0,1,100,{value}\n{rows}", "iv1", "CL=5,V1=20" + more);

        Assert.Equal([0, .. times.Select(time => Infusion(time - lag, rate, duration))], values, Within(1e-12));
    }

    [Fact]
    public void Oral_doses_add_up_with_lag_and_bioavailability()
    {
        var values = Run("ID,TIME,AMT,ADDL,II\n1,0,100,2,8\n1,3,.,.,.\n1,20,.,.,.\n", "oral1", Parameters + ",F1=0.8,ALAG1=0.25");
        var expected = new[] { 0.25, 8.25, 16.25 }.Sum(start => Oral(20 - start, 80));

        Assert.Equal(Oral(2.75, 80), values[1], 1e-12);
        Assert.Equal(expected, values[2], 1e-12);
    }

    [Fact]
    public void A_coinciding_absorption_rate_is_solved_to_its_limit()
    {
        var values = Run("ID,TIME,AMT\n1,0,100\n1,3,.\n", "oral1", "CL=5,V1=20,KA=0.25");

        Assert.Equal(100 / 20.0 * Ke * 3 * Math.Exp(-Ke * 3), values[1], 1e-13);
    }

    [Fact]
    public void Resets_forget_everything_and_may_go_back_in_time()
    {
        const string rows = """
            ID,TIME,EVID,AMT,RATE,ADDL,II
            1,0,1,100,10,3,2
            1,5,0,.,.,.,.
            1,6,3,.,.,.,.
            1,30,0,.,.,.,.
            1,0,4,100,0,0,0
            1,1,0,.,.,.,.
            """;
        var values = Run(rows, "iv1", "CL=5,V1=20");

        Assert.True(values[1] > 0);
        Assert.Equal(0, values[2]);
        Assert.Equal(0, values[3]);
        Assert.Equal(5, values[4], 1e-12);
        Assert.Equal(5 * Math.Exp(-Ke), values[5], 1e-12);
    }

    /// <summary>Steady state is where a long run of the same doses arrives: every way to dose, with lags and infusions beyond the interval.</summary>
    [Fact]
    public void Steady_state_equals_a_long_run()
        => Gen.Select(Gen.Int[0, 4], Gen.Double[1, 12], Gen.Double[0, 30], Gen.Double[0.1, 30], Gen.Double[0.2, 1], Gen.Bool).Sample(
            (kind, interval, lag, duration, bioavailability, oral) =>
            {
                var (model, parameters, compartment) = oral ? ("oral2", "KA=1.3,CL=5,V1=20,Q2=8,V2=30", 1) : ("iv2", "CL=5,V1=20,Q2=8,V2=30", 1);
                var (rate, more) = kind switch
                {
                    0 => ("0", ""),
                    1 => (Text(100 * bioavailability / duration), ""),
                    2 => ("-2", $",D{compartment}={Text(duration)}"),
                    3 => ("-1", $",R{compartment}={Text(100 * bioavailability / duration)}"),
                    _ => ("0", ""),
                };
                parameters += $",F{compartment}={Text(bioavailability)},ALAG{compartment}={Text(kind == 4 ? Math.Floor(lag / interval) * interval : lag)}{more}";
                var before = (int)Math.Ceiling(400 / interval);
                var observations = new[] { 0, 0.3, 0.9, 1.7, 2.6, 6.4 }.Select(fraction => fraction * interval).ToArray();
                var steady = Run(
                    $"ID,TIME,EVID,AMT,RATE,SS,II,ADDL\n1,0,1,100,{rate},1,{Text(interval)},4\n"
                        + string.Concat(observations.Select(time => $"1,{Text(time)},0,.,.,.,.,.\n")),
                    model, parameters)[1..];
                var start = before * interval;
                var run = Run(
                    $"ID,TIME,EVID,AMT,RATE,SS,II,ADDL\n1,0,1,100,{rate},0,{Text(interval)},{before + 4}\n"
                        + string.Concat(observations.Select(time => $"1,{Text(start + time)},0,.,.,.,.,.\n")),
                    model, parameters)[1..];
                // At a switch the two differ by the rounding of the long run's times.
                Assert.Equal(run[1..], steady[1..], Within(1e-6 * run.Max()));
            },
            iter: 500);

    [Fact]
    public void Steady_state_2_adds_to_what_is_there()
    {
        const string heading = "ID,TIME,EVID,AMT,SS,II\n";
        var there = Run(heading + "1,0,1,70,0,0\n1,3,0,.,.,.\n1,5,0,.,.,.\n", "iv1", "CL=5,V1=20");
        var alone = Run(heading + "1,3,1,100,1,12\n1,5,0,.,.,.\n", "iv1", "CL=5,V1=20");
        var both = Run(heading + "1,0,1,70,0,0\n1,3,1,100,2,12\n1,5,0,.,.,.\n", "iv1", "CL=5,V1=20");

        Assert.Equal(there[1] + alone[0], both[1], 1e-12);
        Assert.Equal(there[2] + alone[1], both[2], 1e-12);
    }

    [Fact]
    public void A_constant_infusion_reaches_rate_over_clearance()
    {
        var values = Run("ID,TIME,EVID,AMT,RATE,SS,II\n1,0,1,0,10,1,0\n1,2,0,.,.,.,.\n", "iv3", "CL=5,V1=20,Q2=4,V2=10,Q3=1,V3=90");

        Assert.Equal(2, values[0], 1e-12);
        Assert.True(values[1] < 2);
    }

    [Fact]
    public void Forward_and_backward_carry_change_the_clearance_at_the_records()
    {
        const string rows = "ID,TIME,AMT,CRCL\n1,0,100,1\n1,4,.,2\n1,8,.,2\n";
        var forward = Run(rows, "iv1", "CL=5*CRCL,V1=20", ("CRCL", CovariateCarry.Forward));
        var backward = Run(rows, "iv1", "CL=5*CRCL,V1=20", ("CRCL", CovariateCarry.Backward));
        var linear = Run(rows, "iv1", "CL=5*CRCL,V1=20", ("CRCL", CovariateCarry.Linear));

        Assert.Equal(5 * Math.Exp(-(4 + 8) * Ke), forward[2], 1e-12);
        Assert.Equal(5 * Math.Exp(-(8 + 8) * Ke), backward[2], 1e-12);
        Assert.Equal(5 * Math.Exp(-(6 + 8) * Ke), linear[2], 1e-9);
    }

    [Fact]
    public void A_straight_line_in_two_compartments_agrees_with_an_integration()
    {
        const string rows = "ID,TIME,AMT,RATE,WT\n1,0,100,20,40\n1,6,.,.,100\n";
        var value = Run(rows, "iv2", "CL=5*(WT/70)^0.75,V1=20,Q2=8,V2=30", ("WT", CovariateCarry.Linear))[1];
        var (a1, a2) = (0.0, 0.0);
        const int steps = 60_000;
        const double h = 6.0 / steps;
        for (var i = 0; i < steps; i++)
            (a1, a2) = RungeKuttaStep(a1, a2, i * h, h, i < steps * 5 / 6 ? 20 : 0);

        Assert.Equal(a1 / 20, value, 1e-9);
    }

    [Fact]
    public void A_covariate_that_changes_needs_a_choice()
    {
        var error = Assert.Throws<InvalidInputException>(() => Run("ID,TIME,AMT,WT\n1,0,100,70\n1,4,.,72\n", "iv1", "CL=5*WT/70,V1=20"));

        Assert.Equal("carry-missing", error.Code);
        Assert.Contains("--carry WT=", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_of_the_default_model_agree_with_its_regimen()
    {
        var table = Read("ID,TIME,AMT,DUR,ADDL,II\n1,0,35,0.66666666666666667,1,24\n1,1,.,.,.,.\n1,30,.,.,.,.\n");
        var model = DrugEventModel.Create(DrugModels.Default, new Kilograms(70), table.CovariateNames);
        var values = EventSimulation.Run(table, model, EventSimulation.Quantities(model, []), new Dictionary<string, CovariateCarry>(StringComparer.Ordinal));
        var expected = TypicalPatient.Concentrations(DrugModels.Default, RegimenText.Parse("35 mg over 40 min on days 0,1"), new Kilograms(70), [1, 30]);

        Assert.Equal([expected["arterial"][0], expected["norketamine"][0], expected["arterial"][1], expected["norketamine"][1]], values[2..], Within(1e-7));
    }

    [Theory]
    [InlineData("", "events-empty")]
    [InlineData("ID,TIME\n", "events-empty")]
    [InlineData("ID,AMT\n1,1\n", "column-missing")]
    [InlineData("ID,TIME,TIME\n1,1,1\n", "column-repeated")]
    [InlineData("ID,TIME\n1\n", "columns-differ")]
    [InlineData("ID,TIME\n1,.\n", "time-missing")]
    [InlineData("ID,TIME\n1,noon\n", "value-not-understood")]
    [InlineData("ID,TIME\n1,NaN\n", "value-not-understood")]
    [InlineData("ID,TIME\n1,2\n1,1\n", "time-unsorted")]
    [InlineData("ID,TIME,EVID\n1,0,7\n", "evid-unknown")]
    [InlineData("ID,TIME,EVID,AMT\n1,0,1,0\n", "amount-missing")]
    [InlineData("ID,TIME,AMT\n1,0,-5\n", "amount-negative")]
    [InlineData("ID,TIME,AMT,RATE\n1,0,5,-3\n", "rate-unknown")]
    [InlineData("ID,TIME,AMT,RATE\n1,0,5,-1\n", "rate-parameter-missing")]
    [InlineData("ID,TIME,AMT,RATE,DUR\n1,0,5,1,1\n", "rate-and-duration")]
    [InlineData("ID,TIME,AMT,ADDL\n1,0,5,3\n", "interval-missing")]
    [InlineData("ID,TIME,AMT,SS\n1,0,5,1\n", "interval-missing")]
    [InlineData("ID,TIME,AMT,SS,II\n1,0,5,3,12\n", "value-out-of-range")]
    [InlineData("ID,TIME,AMT,CMT\n1,0,5,9\n", "compartment-unknown")]
    public void A_record_that_cannot_be_meant_names_file_line_and_column(string text, string code)
    {
        var error = Assert.Throws<InvalidInputException>(() => Run(text, "iv1", "CL=5,V1=20"));

        Assert.Equal(code, error.Code);
        Assert.Matches("doses.csv, line [0-9]+, column ", error.Message);
    }

    [Theory]
    [InlineData("CL=5", "parameter-missing")]
    [InlineData("CL=5,V1=20,KA=1", "parameter-unknown")]
    [InlineData("CL=5,V1=20,CL=6", "parameter-repeated")]
    [InlineData("CL=5,V1=0", "parameter-out-of-range")]
    [InlineData("CL=-5,V1=20", "parameter-out-of-range")]
    [InlineData("CL=5*HT,V1=20", "parameter-not-understood")]
    [InlineData("CL=5*(2,V1=20", "parameter-not-understood")]
    [InlineData("CL,V1=20", "parameter-not-understood")]
    public void Parameters_that_cannot_be_meant_are_refused(string parameters, string code)
    {
        var error = Assert.Throws<InvalidInputException>(() => Run("ID,TIME,AMT\n1,0,5\n", "iv1", parameters));

        Assert.Equal(code, error.Code);
        Assert.Equal("parameters", error.Field);
    }

    [Fact]
    public void Without_elimination_there_is_no_steady_state()
        => Assert.Equal("steady-state-none", Assert.Throws<InvalidInputException>(
            () => Run("ID,TIME,AMT,SS,II\n1,0,5,1,12\n", "iv1", "CL=0,V1=20")).Code);

    private static double[] Run(string text, string model, string parameters, params (string Name, CovariateCarry Carry)[] carries)
    {
        var table = Read(text);
        var made = GenericModel.Create(model, parameters, table.CovariateNames);
        return EventSimulation.Run(
            table, made, EventSimulation.Quantities(made, []), carries.ToDictionary(pair => pair.Name, pair => pair.Carry, StringComparer.Ordinal));
    }

    private static EventTable Read(string text)
    {
        using StringReader reader = new(text);
        return EventTable.Read(reader, "doses.csv");
    }

    private static double Infusion(double time, double rate, double duration)
        => time <= 0 ? 0 : rate / 5 * (1 - Math.Exp(-Ke * Math.Min(time, duration))) * Math.Exp(-Ke * Math.Max(time - duration, 0));

    private static double Oral(double time, double amount)
        => amount / 20 * Ka / (Ka - Ke) * (Math.Exp(-Ke * time) - Math.Exp(-Ka * time));

    private static (double A1, double A2) RungeKuttaStep(double a1, double a2, double t, double h, double rate)
    {
        var k1 = Slope(a1, a2, t, rate);
        var k2 = Slope(a1 + h / 2 * k1.A1, a2 + h / 2 * k1.A2, t + h / 2, rate);
        var k3 = Slope(a1 + h / 2 * k2.A1, a2 + h / 2 * k2.A2, t + h / 2, rate);
        var k4 = Slope(a1 + h * k3.A1, a2 + h * k3.A2, t + h, rate);
        return (a1 + h / 6 * (k1.A1 + 2 * k2.A1 + 2 * k3.A1 + k4.A1), a2 + h / 6 * (k1.A2 + 2 * k2.A2 + 2 * k3.A2 + k4.A2));
    }

    private static (double A1, double A2) Slope(double a1, double a2, double t, double rate)
    {
        var clearance = 5 * Math.Pow((40 + 10 * t) / 70, 0.75);
        return (rate - (clearance + 8) / 20 * a1 + 8.0 / 30 * a2, 8.0 / 20 * a1 - 8.0 / 30 * a2);
    }

    private static string Text(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private static Tolerance Within(double tolerance) => new(tolerance);

    /// <summary>Doubles that differ by no more than this.</summary>
    private sealed class Tolerance(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double obj) => 0;
    }
}
