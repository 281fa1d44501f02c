namespace Euthymia.Clinic.Tests;

/// <summary>Every total of every scale against the bands as they were published, written here once more by hand.</summary>
public sealed class InstrumentScoringTests
{
    private static readonly Dictionary<string, (int Low, int High, (int From, string Name)[] Bands)> Published = new(StringComparer.Ordinal)
    {
        ["PHQ-9"] = (0, 27, [(0, "minimal"), (5, "mild"), (10, "moderate"), (15, "moderately severe"), (20, "severe")]),
        ["PHQ-2"] = (0, 6, [(0, "negative"), (3, "positive")]),
        ["GAD-7"] = (0, 21, [(0, "minimal"), (5, "mild"), (10, "moderate"), (15, "severe")]),
        ["MADRS"] = (0, 60, [(0, "normal"), (7, "mild"), (20, "moderate"), (35, "severe")]),
        ["HAM-D"] = (0, 52, [(0, "none"), (8, "mild"), (14, "moderate"), (20, "severe"), (26, "very severe")]),
        ["YMRS"] = (0, 60, [(0, "not manic"), (12, "hypomanic"), (21, "manic")]),
        ["ASRM"] = (0, 20, [(0, "not suggestive of mania"), (6, "suggestive of mania")]),
        ["CADSS"] = (0, 92, []),
        ["CADSS-6"] = (0, 24, []),
        ["BPRS+ (0-6)"] = (0, 24, []),
        ["BPRS+ (1-7)"] = (4, 28, []),
        ["MOAA/S"] = (0, 5, [(0, "deep sedation"), (3, "moderate sedation"), (4, "lethargic"), (5, "awake")]),
        ["Aldrete"] = (0, 10, [(0, "not ready"), (9, "ready")]),
    };

    public static TheoryData<string> Sums => [.. Published.Keys];

    [Theory]
    [MemberData(nameof(Sums))]
    public void Every_total_is_reached_by_items_and_falls_into_its_published_band(string id)
    {
        var instrument = InstrumentLibrary.Shipped[id];
        var (low, high, bands) = Published[id];
        Assert.Equal((low, high), (instrument.Minimum, instrument.Maximum));
        Assert.Equal(low, instrument.Items.Sum(i => instrument.OptionsOf(i).Min(o => o.Value)));
        Assert.Equal(high, instrument.Items.Sum(i => instrument.OptionsOf(i).Max(o => o.Value)));
        for (var total = low; total <= high; total++)
        {
            var band = bands.Length == 0 ? null : bands.Last(b => b.From <= total).Name;
            Assert.Equal(new InstrumentScore(total, 0, false, band), instrument.Score(Answers.Total(instrument, total)));
            if (instrument.TakesTotal)
                Assert.Equal(new InstrumentScore(total, 0, false, band), instrument.ScoreTotal(total));
        }
    }

    [Theory]
    [MemberData(nameof(Sums))]
    public void A_missing_item_means_no_total_unless_the_scale_prorates(string id)
    {
        var instrument = InstrumentLibrary.Shipped[id];
        var answers = Answers.Total(instrument, instrument.Maximum);
        answers[^1] = null;
        var score = instrument.Score(answers);
        Assert.Equal(1, score.Missing);
        Assert.Equal(string.Equals(id, "PHQ-9", StringComparison.Ordinal), score.Total is not null);
        Assert.Equal(score.Total is not null, score.Prorated);
        Assert.Null(instrument.Score(new int?[answers.Length]).Total);
    }

    [Theory]
    [MemberData(nameof(Sums))]
    public void A_value_beyond_an_items_range_and_a_total_beyond_the_scale_are_refused(string id)
    {
        var instrument = InstrumentLibrary.Shipped[id];
        foreach (var item in instrument.Items)
        {
            var answers = Answers.Total(instrument, instrument.Minimum);
            answers[item.Number - 1] = instrument.OptionsOf(item).Max(o => o.Value) + 1;
            var refusal = Assert.Throws<ClinicRuleException>(() => instrument.Score(answers));
            Assert.Equal(($"item{item.Number}", "answer_unknown"), (refusal.Errors[0].Field, refusal.Errors[0].Code));
        }

        foreach (var total in new[] { instrument.Minimum - 1, instrument.Maximum + 1 })
            Assert.Equal(instrument.TakesTotal ? "total_range" : "total_not_taken", Assert.Throws<ClinicRuleException>(() => instrument.ScoreTotal(total)).Errors[0].Code);
    }

    /// <summary>The formula as printed: max(1-4) + 5 + max(6-9) + 10 + 11 + 12 + 13 + 14 + max(15, 16), by plain arithmetic, not by the definition's domains.</summary>
    [Fact]
    public void Qids_takes_the_largest_of_sleep_of_appetite_and_weight_and_of_slowing_and_restlessness()
    {
        var qids = InstrumentLibrary.Shipped["QIDS-SR"];
        var seen = new HashSet<int>();
        var state = 20260302u;
        for (var trial = 0; trial < 20_000; trial++)
        {
            var q = new int?[16];
            for (var i = 0; i < 16; i++)
            {
                state = (state * 1664525u) + 1013904223u;
                q[i] = (int)((state >> 24) % (1u + (uint)(trial % 4)));
            }

            int Max(params int[] items) => items.Max(n => q[n - 1]!.Value);
            var expected = Max(1, 2, 3, 4) + Max(5) + Max(6, 7, 8, 9) + Max(10) + Max(11) + Max(12) + Max(13) + Max(14) + Max(15, 16);
            var band = expected switch { <= 5 => "none", <= 10 => "mild", <= 15 => "moderate", <= 20 => "severe", _ => "very severe" };
            Assert.Equal(new InstrumentScore(expected, 0, false, band), qids.Score(q));
            seen.Add(expected);
        }

        Assert.True(seen.Count > 20, "The draws reach too few totals to say anything.");
        Assert.Equal(27, qids.Score([.. Enumerable.Repeat<int?>(3, 16)]).Total); // not 48: it is not a sum of sixteen items
    }

    [Fact]
    public void Qids_needs_one_answer_of_each_pair_on_appetite_and_weight_and_every_other_item()
    {
        var qids = InstrumentLibrary.Shipped["QIDS-SR"];
        int?[] Without(params int[] items) => [.. Enumerable.Range(1, 16).Select(n => items.Contains(n) ? (int?)null : 1)];
        Assert.Equal(9, qids.Score(Without(6)).Total);
        Assert.Equal(9, qids.Score(Without(7, 8)).Total);
        Assert.Null(qids.Score(Without(6, 7)).Total);
        Assert.Null(qids.Score(Without(8, 9)).Total);
        foreach (var item in Enumerable.Range(1, 16).Except([6, 7, 8, 9]))
            Assert.Null(qids.Score(Without(item)).Total);
    }

    /// <summary>All 4^5 ways to answer the ASQ, left-out answers included, against the rule in words.</summary>
    [Fact]
    public void The_asq_is_judged_as_its_sheet_says_for_every_way_to_answer()
    {
        var asq = InstrumentLibrary.Shipped["ASQ"];
        int?[] values = [null, 0, 1, 2];
        var ways = from a in values from b in values from c in values from d in values from e in values select (int?[])[a, b, c, d, e];
        foreach (var way in ways)
        {
            var screen = way[..4];
            var positive = way.Any(x => x is 1 or 2);
            var expected = !positive ? (screen.Contains(null) ? null : "negative")
                : way[4] switch { 1 => "acute positive", 0 => "non-acute positive", _ => "positive, acuity unknown" };
            var score = asq.Score(way);
            Assert.Equal(expected, score.Band);
            Assert.Null(score.Total);
        }
    }

    [Theory]
    [InlineData("none", 0, 0, null, null, null, 0, 0)]
    [InlineData("low", 1, 0, null, null, null, 0, 0)]
    [InlineData("low", 1, 1, 0, 0, 0, 0, 0)]
    [InlineData("moderate", 1, 1, 1, 0, 0, 0, 0)]
    [InlineData("moderate", 0, 0, null, null, null, 1, 0)]
    [InlineData("high", 1, 1, 1, 1, 0, 0, 0)]
    [InlineData("high", 1, 1, 0, 0, 1, 0, 0)]
    [InlineData("high", 0, 0, null, null, null, 1, 1)]
    [InlineData("high", null, null, null, null, null, 1, 1)] // what is known decides
    [InlineData(null, 1, 1, 1, null, 0, 0, 0)] // intent not asked
    [InlineData(null, 0, null, null, null, null, 0, 0)]
    [InlineData(null, 0, 0, null, null, null, null, 0)]
    public void The_c_ssrs_outcome_is_the_more_cautious_map_and_missing_is_not_low(string? risk, params int?[] answers) =>
        Assert.Equal(risk, InstrumentLibrary.Shipped["C-SSRS"].Score(answers).Band);

    [Theory]
    [InlineData("BLADDER", 6)]
    [InlineData("MISUSE", 5)]
    [InlineData("COGNITION", 5)]
    public void A_checklist_counts_what_is_reported_and_never_reads_a_gap_as_none(string id, int items)
    {
        var list = InstrumentLibrary.Shipped[id];
        Assert.Equal(new InstrumentScore(0, 0, false, "none reported"), list.Score([.. Enumerable.Repeat<int?>(0, items)]));
        for (var positive = 1; positive <= items; positive++)
            Assert.Equal(new InstrumentScore(positive, 0, false, "reported"), list.Score(Answers.Total(list, positive)));
        Assert.Equal(new InstrumentScore(null, 1, false, null), list.Score([null, .. Enumerable.Repeat<int?>(0, items - 1)]));
        Assert.Equal(new InstrumentScore(null, 1, false, "reported"), list.Score([null, 1, .. Enumerable.Repeat<int?>(0, items - 2)]));
    }

    [Fact]
    public void Every_definition_says_where_it_comes_from_and_under_what_licence()
    {
        Assert.Equal(20, InstrumentLibrary.Shipped.All.Count);
        Assert.All(InstrumentLibrary.Shipped.All, i =>
        {
            Assert.True(i.Version >= 1, i.Id);
            Assert.All(new[] { i.Title, i.Recall, i.Source, i.Status, i.Licence.Name, i.Licence.Source, i.Licence.Status, i.Scoring.MissingRule, i.Scoring.MissingSource, i.Scoring.MissingStatus },
                text => Assert.False(string.IsNullOrWhiteSpace(text), i.Id));
            Assert.Equal(i, InstrumentLibrary.Shipped.OfSlug(i.Slug));
        });
        Assert.Equal(20, InstrumentLibrary.Shipped.All.Select(i => i.Slug).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Wording_that_needs_a_licence_is_not_in_the_tree()
    {
        string[] withoutText = ["MADRS", "HAM-D", "QIDS-SR", "YMRS", "ASRM", "CADSS", "CADSS-6", "BPRS+ (0-6)", "BPRS+ (1-7)", "C-SSRS"];
        Assert.Equal(withoutText.Order(StringComparer.Ordinal), InstrumentLibrary.Shipped.All.Where(i => !i.Licence.ShipsText).Select(i => i.Id).Order(StringComparer.Ordinal));
        Assert.All(withoutText.Select(id => InstrumentLibrary.Shipped[id]), i => Assert.All(i.Items, item => Assert.Equal("", item.Text)));
    }

    [Theory]
    [InlineData("PHQ-9", "44249-1", "44261-6", 9)]
    [InlineData("PHQ-2", null, "55758-7", 2)]
    [InlineData("GAD-7", "69737-5", "70274-6", 7)] // the panel's code is not the total's
    [InlineData("C-SSRS", "93373-9", "93374-7", 7)]
    public void Codes_are_those_of_the_instrument(string id, string? panel, string total, int coded)
    {
        var instrument = InstrumentLibrary.Shipped[id];
        Assert.Equal((panel, total), (instrument.PanelLoinc, instrument.TotalLoinc));
        Assert.Equal(coded, instrument.Items.Select(i => i.Loinc).OfType<string>().Distinct(StringComparer.Ordinal).Count());
    }
}
