using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>One line of the go / no-go sheet: what a rule found, and whether it holds up the start.</summary>
/// <param name="Result">The rule with its source, what it saw and by which limits.</param>
/// <param name="Stops">It asks the work to stop, or could not be assessed.</param>
/// <param name="MayOverride">A named clinician's reason may lift it.</param>
/// <param name="OverriddenBy">The event that lifted it, while what was found is still the same.</param>
public sealed record GoNoGoLine(RuleResult Result, bool Stops, bool MayOverride, LogLine? OverriddenBy)
{
    public bool Blocks => Stops && OverriddenBy is null;

    /// <summary>What was found, in words that stay the same while the facts do: time that merely passes is left out.</summary>
    public string Found => FoundBy(Result);

    internal static string FoundBy(RuleResult result)
    {
        var seen = result.Inputs.Where(i => !i.Name.StartsWith("hours since", StringComparison.Ordinal)).Select(i => $"{i.Name} {i.Value ?? "not assessed"}");
        return $"{(result.Outcome == RuleOutcome.Fired ? "fired" : result.Outcome == RuleOutcome.Clear ? "clear" : "not assessed")}: {string.Join(", ", seen)}";
    }
}

/// <summary>
/// The go / no-go sheet of a visit: the rules before a session, on the dose, on consent and on data quality, judged from the log and
/// the record. It only reads; starting is another act.
/// </summary>
public sealed record GoNoGoSheet(BeforeFacts Facts, IReadOnlyList<GoNoGoLine> Lines)
{
    // DOS-20 is about a forecast on the plan page; consent beyond "signed and still wanted" belongs to the consent form.
    private static readonly string[] Elsewhere = ["DOS-20", "CON-02", "CON-03", "CON-04"];
    private const string SecondCheck = "DOS-16";
    private const string MeasuredWeight = "PRE-02a";
    private const string BeyondTrials = "DOS-04";

    public bool MayStart => !Lines.Any(l => l.Blocks);

    public IEnumerable<GoNoGoLine> Blocking => Lines.Where(l => l.Blocks);

    public IEnumerable<GoNoGoLine> Of(string stage) => Lines.Where(l => string.Equals(l.Result.Rule.Stage, stage, StringComparison.Ordinal));

    public GoNoGoLine? this[string ruleId] => Lines.FirstOrDefault(l => string.Equals(l.Result.Rule.Id, ruleId, StringComparison.Ordinal));

    /// <summary>True when only a lead may override this rule.</summary>
    public static bool NeedsLead(string ruleId) => string.Equals(ruleId, BeyondTrials, StringComparison.Ordinal);

    public static GoNoGoSheet Of(BeforeFacts facts, RuleSettings settings)
    {
        List<RuleResult> results =
        [
            .. PreSession.Evaluate(facts.PreSession(), settings, facts.Now).Results,
            .. Dosing.Evaluate(facts.Dosing(), settings, facts.Now).Results,
            .. Consent.Evaluate(facts.Consent(), settings, facts.Now).Results,
            .. facts.Observation() is { } observed ? DataQuality.Evaluate(observed, settings, facts.Now).Results : [],
        ];
        var lines = results.Where(r => !Elsewhere.Contains(r.Rule.Id, StringComparer.Ordinal)).Select(r => Line(facts, r))
            .OrderByDescending(l => l.Blocks).ThenByDescending(l => l.Stops).ThenByDescending(l => l.Result.Outcome is RuleOutcome.Fired)
            .ThenByDescending(l => l.Result.Outcome is RuleOutcome.NotAssessed).ThenByDescending(l => l.Result.Severity).ThenBy(l => l.Result.Rule.Id, StringComparer.Ordinal);
        return new GoNoGoSheet(facts, [.. lines]);
    }

    private static GoNoGoLine Line(BeforeFacts facts, RuleResult result)
    {
        // The second check is a step of the work, not an opinion: it is asked for before anybody signed the rule about it.
        var stops = result.Stops || (Is(result, SecondCheck) && result.Outcome != RuleOutcome.Clear);
        var mayOverride = stops && result.Rule.Severity == Severity.Stop && result.Rule.Id switch
        {
            SecondCheck => facts.State.Sheets.SecondCheck is null, // two people who disagree are not overruled, they enter again
            MeasuredWeight => facts.State.Sheets.Weight is not null, // without a weight there is no dose
            _ => true,
        };
        var found = GoNoGoLine.FoundBy(result);
        var by = mayOverride ? facts.State.Sheets.Overrides.LastOrDefault(l => Lifts((StopOverridden)l.Entry!, result, found)) : null;
        return new GoNoGoLine(result, stops, mayOverride, by);
    }

    private static bool Lifts(StopOverridden entry, RuleResult result, string found) =>
        string.Equals(entry.RuleId, result.Rule.Id, StringComparison.Ordinal) && string.Equals(entry.RuleVersion, result.Version, StringComparison.Ordinal)
        && string.Equals(entry.Found, found, StringComparison.Ordinal);

    private static bool Is(RuleResult result, string id) => string.Equals(result.Rule.Id, id, StringComparison.Ordinal);
}
