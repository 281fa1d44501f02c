using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Euthymia.Clinic.Rules;

/// <summary>All rules of the project, read once from the embedded files in <c>Rules/Data</c> (one per stage).</summary>
public static class RuleBook
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    private static readonly Lazy<FrozenDictionary<string, Rule>> Book = new(Load);

    /// <summary>The stages, in the order a patient meets them.</summary>
    public static IReadOnlyList<string> Stages { get; } =
    [
        "indication", "screening", "consent", "governance", "pre_session", "dosing", "in_session", "discharge",
        "side_effect", "data_quality", "controlled_drug", "suicidality", "followup", "course_decision", "maintenance", "longterm_safety",
    ];

    public static IEnumerable<Rule> All => Book.Value.Values.OrderBy(rule => Array.IndexOf([.. Stages], rule.Stage)).ThenBy(rule => rule.Id, StringComparer.Ordinal);

    public static IEnumerable<Rule> OfStage(string stage) => All.Where(rule => string.Equals(rule.Stage, stage, StringComparison.Ordinal));

    /// <summary>The rule of this id.</summary>
    /// <exception cref="KeyNotFoundException">The id is not in the book: an unknown rule is never taken as passed.</exception>
    public static Rule Get(string id)
        => Book.Value.GetValueOrDefault(id) ?? throw new KeyNotFoundException($"The rule book has no rule \"{id}\".");

    public static bool Has(string id) => Book.Value.ContainsKey(id);

    private static FrozenDictionary<string, Rule> Load() => Stages.SelectMany(ReadStage).ToFrozenDictionary(rule => rule.Id, StringComparer.Ordinal);

    private static IEnumerable<Rule> ReadStage(string stage)
    {
        var resource = $"Euthymia.Clinic.Rules.Data.{stage}.json";
        using var stream = typeof(RuleBook).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The rule file {resource} is not embedded.");
        var file = JsonSerializer.Deserialize<StageFile>(stream, Options)
            ?? throw new InvalidOperationException($"The rule file {resource} is empty.");

        foreach (var rule in file.Rules)
        {
            Check(rule);
            yield return rule with { Stage = stage, Version = file.Version };
        }
    }

    /// <summary>A faulty rule book must not start: better no program than a rule that silently never fires.</summary>
    private static void Check(Rule rule)
    {
        string? fault = rule switch
        {
            _ when new[] { rule.Id, rule.Title, rule.Condition, rule.Action, rule.Source }.Any(string.IsNullOrWhiteSpace) => "has an empty text",
            { Basis: not RuleBasis.Data, Reason: null or "" } => "is not evaluated from data and gives no reason",
            { Basis: RuleBasis.Data, Reason: not null } => "is evaluated from data and needs no reason",
            _ when rule.Parameters.Values.Any(p => p.Min > p.Value || p.Value > p.Max) => "has a parameter outside its own range",
            _ => null,
        };
        if (fault is not null)
            throw new InvalidOperationException($"Rule {rule.Id} {fault}.");
    }

    private sealed record StageFile(int Version, IReadOnlyList<Rule> Rules);
}
