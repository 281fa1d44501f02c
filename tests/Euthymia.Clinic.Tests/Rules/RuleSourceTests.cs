using System.Text.RegularExpressions;
using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic.Tests.Rules;

/// <summary>
/// No rule of the stages before and after treatment rests on a fact that nothing fills: for each fact, some file outside the rules gives it a value
/// read from the record. Read from the source, so that a fact added later is held to it.
/// </summary>
public sealed partial class RuleSourceTests
{
    private static readonly string[] Stages = ["indication", "screening", "consent", "governance", "suicidality", "followup", "course_decision", "maintenance", "longterm_safety"];

    // Always so because of how the program is built, not because somebody said so; each with the reason.
    private static readonly Dictionary<string, string> Constant = new(StringComparer.Ordinal)
    {
        ["CourseFacts.ExpectationShown"] = "The decision page always shows the published figures.",
        ["SuicidalityFacts.PositiveAnswer"] = "Judged only after a positive answer.",
    };

    private static readonly Lazy<IReadOnlyList<string>> Sources = new(() => [.. Directory.EnumerateFiles(Path.Combine(Root(), "src", "Euthymia.Clinic"), "*.cs", SearchOption.AllDirectories)
        .Where(f => !new[] { "Rules", "Migrations", "Demo" }.Any(folder => f.Contains($"{Path.DirectorySeparatorChar}{folder}{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        .Select(File.ReadAllText)]);

    public static TheoryData<Type> Facts =>
    [
        typeof(IndicationFacts), typeof(ScreeningFacts), typeof(ConsentFacts), typeof(GovernanceFacts), typeof(SuicidalityFacts), typeof(FollowUpFacts), typeof(CourseFacts), typeof(MaintenanceFacts),
        typeof(LongTermFacts),
    ];

    [Theory]
    [MemberData(nameof(Facts))]
    public void Every_fact_has_a_source_of_data(Type facts)
    {
        var mentioning = Sources.Value.Where(s => s.Contains(facts.Name, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(mentioning);
        var without = facts.GetProperties().Where(p => p.CanWrite && p.Name is not "EqualityContract").Select(p => p.Name)
            .Where(name => !Constant.ContainsKey($"{facts.Name}.{name}") && !mentioning.Exists(s => Regex.Matches(s, $@"\b{name} = (?<value>[^,;\n]+)", RegexOptions.None, TimeSpan.FromSeconds(5)).Any(m => !Nothing().IsMatch(m.Groups["value"].Value)))).ToList();
        Assert.True(without.Count == 0, $"{facts.Name}: nothing fills {string.Join(", ", without)}.");
    }

    [Fact]
    public void Every_rule_of_these_stages_is_evaluated_or_manual_with_its_reason()
    {
        foreach (var rule in Stages.SelectMany(RuleBook.OfStage))
            Assert.True(rule.Basis == RuleBasis.Data ? rule.Reason is null : rule.Reason is { Length: > 20 }, $"{rule.Id}: {rule.Reason}");
        Assert.True(Stages.All(stage => RuleBook.OfStage(stage).Any(rule => rule.Basis == RuleBasis.Data)));
    }

    [Fact]
    public void A_fact_that_nothing_fills_would_be_seen()
    {
        Assert.Matches(Nothing(), "null");
        Assert.Matches(Nothing(), "true");
        Assert.DoesNotMatch(Nothing(), "rules.HadSeriousEvent");
        Assert.DoesNotMatch(Nothing(), "null is not { } known ? null : known");
    }

    [GeneratedRegex(@"^\s*(null|true|false|\[\]|\d+m?)\s*[})]*\s*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Nothing();

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Euthymia.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The source is not here.");
    }
}
