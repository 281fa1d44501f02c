using System.Globalization;
using Euthymia.Trials.Statistics;

namespace Euthymia.Trials.Tests;

/// <summary>
/// What the clinic's own results are computed with. Reference numbers were made once by cohort-statistics-oracle.R (R 4.2.2, survival 3.5.3):
/// the lung cancer trial of the Veterans' Administration (Kalbfleisch and Prentice 1980), and partial pooling by nested adaptive quadrature.
/// </summary>
public sealed class CohortStatisticsTests
{
    // Days, by cell type; a plus marks a patient who was alive when last seen.
    private static readonly IReadOnlyList<SurvivalTime>[] Lung =
    [
        Times("72 411 228 126 118 10 82 110 314 100+ 42 8 144 25+ 11 999 112 87+ 231+ 242 991 111 1 587 389 33 25 357 467 201 1 30 44 283 15"),
        Times("30 384 4 54 13 123+ 97+ 153 59 117 16 151 22 56 21 18 139 20 31 52 287 18 51 122 27 54 7 63 392 10 25 103+ 21 13 87 2 20 7 24 99 8 99 61 25 95 80 51 29"),
        Times("8 92 35 117 132 12 162 3 95 24 18 83+ 31 51 90 52 73 8 36 48 7 140 186 84 19 45 80"),
        Times("177 162 216 553 278 12 260 200 156 182+ 143 105 103 250 100 52 164 19 53 15 43 340 133 111 231 378 49"),
    ];

    [Fact]
    public void Log_rank_of_four_groups_agrees_with_R()
    {
        var test = GroupLogRank.Compare(Lung);

        Assert.Equal([31, 45, 26, 26], test.Observed);
        double[] expected = [47.6546776725, 30.1020793268, 15.6937646144, 34.5494783863];
        foreach (var (from, to) in expected.Zip(test.Expected))
            Assert.Equal(from, to, 1e-9);
        Assert.Equal(3, test.Degrees);
        Assert.Equal(25.4037003458, test.ChiSquare, 1e-8);
        Assert.Equal(1.27124593901e-05, test.PValue, 1e-12);
    }

    [Fact]
    public void Two_groups_give_the_same_as_the_test_of_two()
    {
        var (two, many) = (LogRank.Compare(Lung[0], Lung[1]), GroupLogRank.Compare([Lung[0], Lung[1]]));

        Assert.Equal(two.ChiSquare, many.ChiSquare, 1e-10);
        Assert.Equal(two.PValue, many.PValue, 1e-12);
        Assert.Equal(two.Expected, many.Expected[0], 1e-10);
    }

    [Fact]
    public void Groups_in_which_nothing_happened_do_not_differ()
    {
        var test = GroupLogRank.Compare([[new(3, false), new(4, false)], [new(5, false)]]);

        Assert.Equal((0, 1), (test.ChiSquare, test.PValue));
        Assert.Throws<ArgumentException>(() => GroupLogRank.Compare([Lung[0]]));
        Assert.Throws<ArgumentException>(() => GroupLogRank.Compare([Lung[0], []]));
    }

    [Theory]
    [InlineData(30, 97, 0.7004350070044, 0.0391619947075, 0.6160837773925, 0.769719664862)]
    [InlineData(100, 55, 0.4179945071968, 0.0424766367589, 0.3341946906027, 0.499464987298)]
    [InlineData(365, 10, 0.0900451067608, 0.0264746154734, 0.0469571296029, 0.150323573444)]
    public void Survival_at_a_day_with_Greenwood_and_log_log_limits_agrees_with_R(double day, int atRisk, double survival, double error, double low, double high)
    {
        var all = Lung.SelectMany(group => group).ToList();
        var curve = KaplanMeier.Fit(all);
        var interval = curve.IntervalAt(day);

        Assert.Equal(atRisk, KaplanMeier.AtRisk(all, day));
        Assert.Equal(survival, interval.Estimate, 1e-11);
        Assert.Equal(low, interval.Low, 1e-9);
        Assert.Equal(high, interval.High, 1e-9);
        Assert.Equal(error, curve.Steps.Last(step => step.Time <= day).StandardError, 1e-11);
    }

    [Fact]
    public void Partial_pooling_agrees_with_nested_quadrature_in_R()
    {
        var pooled = PartialPooling.Fit([new(9, 20), new(22, 60), new(3, 5), new(40, 60)]);

        Assert.Equal(0.519672009946, pooled.Spread, 2e-4);
        Assert.Equal(0.510006123822, pooled.Whole.Estimate, 2e-4);
        (double Mean, double Low, double High)[] expected =
        [
            (0.478778632148, 0.304483982606, 0.646777303101), (0.405728913891, 0.285493968380, 0.530500526062),
            (0.531203148758, 0.295122313220, 0.773842468697), (0.623438859626, 0.496124681574, 0.742885490384),
        ];
        Agree(expected, pooled);
    }

    [Fact]
    public void None_of_five_and_five_of_five_are_never_nought_and_a_hundred_per_cent()
    {
        var pooled = PartialPooling.Fit([new(0, 5), new(5, 5)]);

        Agree([(0.325044991555, 0.0426421497233, 0.689579481438), (0.674954971404, 0.310420617438, 0.957357888214)], pooled);
        Assert.Equal(0.757476226539, pooled.Spread, 5e-4);
    }

    [Fact]
    public void A_small_group_is_drawn_to_the_whole_and_a_large_one_keeps_its_own()
    {
        var pooled = PartialPooling.Fit([new(150, 300), new(120, 300), new(4, 5), new(240, 300)]).Groups;

        Assert.Equal(0.5, pooled[0].Estimate, 0.01);
        Assert.InRange(pooled[2].Estimate, 0.5, 0.75);
        Assert.Equal(0.8, pooled[3].Estimate, 0.01);
        Assert.True(pooled[2].High - pooled[2].Low > 4 * (pooled[0].High - pooled[0].Low));
    }

    [Fact]
    public void Impossible_groups_are_refused()
    {
        Assert.Throws<ArgumentException>(() => PartialPooling.Fit([]));
        Assert.Throws<ArgumentException>(() => PartialPooling.Fit([new(0, 0)]));
        Assert.Throws<ArgumentException>(() => PartialPooling.Fit([new(3, 2)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PartialPooling.Fit([new(1, 2)], 1));
    }

    private static void Agree((double Mean, double Low, double High)[] expected, PartialPooling pooled)
    {
        foreach (var (from, to) in expected.Zip(pooled.Groups))
        {
            Assert.Equal(from.Mean, to.Estimate, 2e-4);
            Assert.Equal(from.Low, to.Low, 5e-4);
            Assert.Equal(from.High, to.High, 5e-4);
        }
    }

    private static SurvivalTime[] Times(string text) =>
        [.. text.Split(' ').Select(word => new SurvivalTime(double.Parse(word.TrimEnd('+'), CultureInfo.InvariantCulture), !word.EndsWith('+')))];
}
