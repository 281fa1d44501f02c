using Euthymia.Trials.Statistics;

namespace Euthymia.Trials.Tests;

/// <summary>
/// Reference numbers were made once by statistics-oracle.R (R 4.2.2, survival 3.5.3, metafor 3.8.1) on two worked examples
/// of the literature: maintained chemotherapy in acute myelogenous leukaemia (Miller, Survival Analysis 1981, p 49) and the
/// thirteen BCG vaccine trials (Colditz 1994; Berkey 1995).
/// </summary>
public sealed class StatisticsTests
{
    private static readonly SurvivalTime[] Maintained =
    [
        new(9, true), new(13, true), new(13, false), new(18, true), new(23, true), new(28, false),
        new(31, true), new(34, true), new(45, false), new(48, true), new(161, false),
    ];

    private static readonly SurvivalTime[] NotMaintained =
    [
        new(5, true), new(5, true), new(8, true), new(8, true), new(12, true), new(16, false),
        new(23, true), new(27, true), new(30, true), new(33, true), new(43, true), new(45, true),
    ];

    // Log relative risks and variances of the BCG trials.
    private static readonly Effect[] Bcg =
    [
        new(-0.8893113339202, 0.32558476500396), new(-1.5853886572014, 0.19458112139814), new(-1.3480731482997, 0.41536796536797),
        new(-1.4415511900213, 0.02001003190225), new(-0.2175473222113, 0.05121017216963), new(-0.7861155858189, 0.00690561845591),
        new(-1.6208982235984, 0.22301724757232), new(0.0119523335238, 0.00396157929782), new(-0.4694176487381, 0.05643421046325),
        new(-1.3713448034728, 0.07302479361303), new(-0.3393588283384, 0.01241221397156), new(0.4459134005714, 0.53250584520015),
        new(-0.0173139482169, 0.07140465968399),
    ];

    [Theory]
    [InlineData(9, 11, 0.909090909091, 0.0866784172041, 0.5080802057699, 0.986673822668)]
    [InlineData(18, 8, 0.715909090909, 0.1396649705572, 0.3501903859079, 0.899023974191)]
    [InlineData(34, 4, 0.368181818182, 0.1626688858271, 0.0928295749370, 0.657040832398)]
    [InlineData(48, 2, 0.184090909091, 0.1534927457863, 0.0117384801232, 0.525014842727)]
    public void Kaplan_Meier_with_Greenwood_agrees_with_R(double time, int atRisk, double survival, double error, double low, double high)
    {
        var step = KaplanMeier.Fit(Maintained).Steps.Single(step => step.Time.Equals(time));

        Assert.Equal(atRisk, step.AtRisk);
        Assert.Equal(survival, step.Survival, 1e-10);
        Assert.Equal(error, step.StandardError, 1e-10);
        Assert.Equal(low, step.Low, 1e-9);
        Assert.Equal(high, step.High, 1e-9);
    }

    [Fact]
    public void Median_survival_is_the_first_time_at_or_below_one_half()
    {
        var curve = KaplanMeier.Fit(Maintained);

        Assert.Equal(31, curve.Median);
        Assert.Null(curve.Quantile(0.9));
        Assert.Equal(1, curve.At(8.9));
        Assert.Equal(0.909090909091, curve.At(9), 1e-10);
    }

    [Fact]
    public void Survival_without_censoring_is_the_empirical_fraction()
    {
        var curve = KaplanMeier.Fit([new(1, true), new(2, true), new(3, true), new(4, true)]);

        Assert.Equal([0.75, 0.5, 0.25, 0.0], curve.Steps.Select(step => step.Survival));
        Assert.Equal(0, curve.Steps[^1].StandardError);
    }

    [Fact]
    public void Log_rank_agrees_with_R()
    {
        var test = LogRank.Compare(Maintained, NotMaintained);

        Assert.Equal(7, test.Observed);
        Assert.Equal(10.6893359923, test.Expected, 1e-9);
        Assert.Equal(4.00755074594, test.Variance, 1e-9);
        Assert.Equal(3.39638869898, test.ChiSquare, 1e-9);
        Assert.Equal(0.0653393, test.PValue, 1e-6);
    }

    [Theory]
    [InlineData(HeterogeneityEstimator.DerSimonianLaird, -0.714117222073227, 0.178742089535403, 0.308760262862376, -1.06444528408405, -0.363789164062403)]
    [InlineData(HeterogeneityEstimator.PauleMandel, -0.714968153493444, 0.180892191537624, 0.318068452205024, -1.06951033399171, -0.360425972995181)]
    [InlineData(HeterogeneityEstimator.RestrictedMaximumLikelihood, -0.71453234215814, 0.179781516105207, 0.313243258136486, -1.06689763881035, -0.362167045505926)]
    public void Random_effects_meta_analysis_agrees_with_metafor(HeterogeneityEstimator estimator, double mean, double error, double tauSquared, double low, double high)
    {
        var pooled = MetaAnalysis.RandomEffects(Bcg, estimator);

        Assert.Equal(mean, pooled.Mean.Estimate, 1e-8);
        Assert.Equal(error, pooled.StandardError, 1e-8);
        Assert.Equal(tauSquared, pooled.TauSquared, 1e-8);
        Assert.Equal(low, pooled.Mean.Low, 1e-8);
        Assert.Equal(high, pooled.Mean.High, 1e-8);
        Assert.Equal(152.233008082373, pooled.Q, 1e-8);
        Assert.Equal(0.921173468546, pooled.ISquared, 1e-8);
    }

    [Fact]
    public void Trials_that_agree_have_no_variance_between_them()
    {
        Effect[] alike = [new(0.50, 0.04), new(0.52, 0.05), new(0.48, 0.03)];

        foreach (var estimator in Enum.GetValues<HeterogeneityEstimator>())
            Assert.Equal(0, MetaAnalysis.RandomEffects(alike, estimator).TauSquared);
    }

    [Fact]
    public void The_prediction_interval_is_wider_than_the_interval_of_the_mean()
    {
        var pooled = MetaAnalysis.RandomEffects(Bcg, HeterogeneityEstimator.PauleMandel);

        Assert.True(pooled.Prediction!.Value.Low < pooled.Mean.Low);
        Assert.True(pooled.Prediction!.Value.High > pooled.Mean.High);
    }

    [Theory]
    [InlineData(4, 25, 0.0640345145668, 0.3465362160718)]
    [InlineData(0, 20, 0, 0.161125158053)]
    public void Wilson_agrees_with_R(int successes, int n, double low, double high)
    {
        var interval = Intervals.Wilson(successes, n);

        Assert.Equal(low, interval.Low, 1e-9);
        Assert.Equal(high, interval.High, 1e-9);
    }

    [Theory]
    [InlineData(4, 25, 0.0453794523717, 0.3608284544593)]
    [InlineData(20, 20, 0.831566529017, 1)]
    public void Clopper_Pearson_agrees_with_R(int successes, int n, double low, double high)
    {
        var interval = Intervals.ClopperPearson(successes, n);

        Assert.Equal(low, interval.Low, 1e-8);
        Assert.Equal(high, interval.High, 1e-8);
    }

    [Fact]
    public void The_t_interval_of_a_mean_agrees_with_R()
    {
        var interval = Intervals.Mean(3.2, 2.5, 12, 0.90);

        Assert.Equal(1.90393177061, interval.Low, 1e-9);
        Assert.Equal(4.49606822939, interval.High, 1e-9);
    }

    [Fact]
    public void Impossible_input_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Intervals.Wilson(5, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Intervals.ClopperPearson(1, 4, 1.2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Intervals.Mean(0, 1, 1));
        Assert.Throws<ArgumentException>(() => KaplanMeier.Fit([new(double.NaN, true)]));
        Assert.Throws<ArgumentException>(() => MetaAnalysis.RandomEffects([new(1, 0), new(2, 1)], HeterogeneityEstimator.PauleMandel));
    }
}
