using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Rules;
using static Euthymia.Clinic.Courses.Decisions.OutcomeKind;

namespace Euthymia.Clinic.Tests.Courses;

/// <summary>Response, partial response, remission and relapse at, below and above each scale's numbers, and with data missing.</summary>
public sealed class CourseOutcomeTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, int, int[], OutcomeKind> Cases => new()
    {
        { "PHQ-9", 20, [16], NoResponse },
        { "PHQ-9", 20, [15], PartialResponse },
        { "PHQ-9", 20, [11], PartialResponse },
        { "PHQ-9", 20, [10], Response },
        { "PHQ-9", 20, [5], Response },
        { "PHQ-9", 20, [4], Remission },
        { "PHQ-9", 20, [6, 11, 11], Relapse },
        { "PHQ-9", 20, [6, 10, 11], PartialResponse }, // 10 is below best + 5
        { "PHQ-9", 20, [6, 12], PartialResponse }, // once is not enough
        { "PHQ-9", 20, [12, 14, 14], PartialResponse }, // without a response there is nothing to relapse from
        { "PHQ-9", 12, [4, 9, 9], PartialResponse }, // below 10
        { "QIDS-SR", 18, [5], Remission },
        { "QIDS-SR", 18, [6], Response },
        { "MADRS", 32, [10], Remission },
        { "MADRS", 32, [11], Response },
        { "MADRS", 32, [17], PartialResponse },
        { "MADRS", 32, [12, 22, 22], Relapse },
        { "MADRS", 32, [12, 22, 21], PartialResponse },
        { "HAM-D", 24, [7], Remission },
        { "HAM-D", 24, [8], Response },
        { "HAM-D", 24, [8, 17, 17], Relapse },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_scale_has_its_own_definition(string scale, int baseline, int[] later, OutcomeKind expected)
    {
        var outcome = Of(scale, new ScoredDay(Start, baseline), later);
        Assert.Equal(expected, outcome.Kind);
        Assert.Contains("verified", outcome.Basis + "assumed", StringComparison.Ordinal);
    }

    [Fact]
    public void Two_high_readings_too_close_together_are_no_relapse_yet()
    {
        ScoredDay[] days = [new(Start.AddDays(1), 5), new(Start.AddDays(10), 15), new(Start.AddDays(14.9), 15)];
        Assert.NotEqual(Relapse, CourseOutcome.Of(Definition("PHQ-9"), new ScoredDay(Start, 20), days, RuleSettings.Shipped).Kind);
        days[2] = new(Start.AddDays(15), 15);
        Assert.Equal(Relapse, CourseOutcome.Of(Definition("PHQ-9"), new ScoredDay(Start, 20), days, RuleSettings.Shipped).Kind);
    }

    [Fact]
    public void Missing_is_not_assessed()
    {
        Assert.Equal(NotAssessed, Of("PHQ-9", null, 3).Kind);
        Assert.Equal(NotAssessed, Of("PHQ-9", new ScoredDay(Start, 0), 0).Kind);
        Assert.Equal(NotAssessed, Of("MADRS", new ScoredDay(Start, 30)).Kind);
    }

    [Fact]
    public void A_clinics_own_threshold_holds_here_too()
    {
        var settings = RuleSettings.Shipped.Change("RSP-02", "madrs", 12);
        Assert.Equal(Response, Of("MADRS", new ScoredDay(Start, 32), 12).Kind);
        Assert.Equal(Remission, CourseOutcome.Of(Definition("MADRS"), new ScoredDay(Start, 32), [new ScoredDay(Start.AddDays(1), 12)], settings).Kind);
    }

    [Theory]
    [InlineData(1, 1, "RSP-06")]
    [InlineData(2, 2, "RSP-07")]
    [InlineData(3, 2, "RSP-07")]
    [InlineData(4, 4, "RSP-09")]
    [InlineData(6, 6, "RSP-11")]
    [InlineData(9, 6, "RSP-11")]
    public void Each_moment_has_its_published_figures_with_their_source(int given, int after, string rule)
    {
        var figures = OutcomeDefinitions.Current.PublishedAfter(given);
        Assert.All(figures, figure => Assert.Equal(after, figure.After));
        Assert.Contains(figures, figure => string.Equals(figure.Rule, rule, StringComparison.Ordinal) && figure.Basis.Contains(RuleBook.Get(rule).Source, StringComparison.Ordinal));
    }

    private static ScaleDefinition Definition(string scale) => OutcomeDefinitions.Current.Of(scale)!;

    private static CourseOutcome Of(string scale, ScoredDay? baseline, params int[] later) =>
        CourseOutcome.Of(Definition(scale), baseline, later.Select((score, i) => new ScoredDay(Start.AddDays(1 + (7 * i)), score)), RuleSettings.Shipped);
}
