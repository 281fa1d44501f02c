using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>One line of the eligibility sheet: what a rule found, and whether a named clinician went past it.</summary>
public sealed record EligibilityLine(RuleResult Result, Override? OverriddenBy)
{
    public bool Stops => Result.Stops;

    public bool Blocks => Stops && OverriddenBy is null;

    /// <summary>Consent is not gone past here but at the chair, where it holds.</summary>
    public bool MayOverride => Result.MayBeOverridden && !IsConsent;

    internal bool IsConsent => string.Equals(Result.Rule.Stage, "consent", StringComparison.Ordinal);

    /// <summary>What was found; an override holds while this stays the same.</summary>
    public string Found => GoNoGoLine.FoundBy(Result);
}

/// <summary>
/// The rules before a course on one patient: indication, screening, consent and governance, with every reason, source and status. The
/// result is one of four words with its reasons, never a score.
/// </summary>
/// <param name="Eligibility">The result; a stop that was gone past counts as a condition.</param>
/// <param name="Lines">Every rule, the pressing ones first.</param>
public sealed record EligibilitySheet(Eligibility Eligibility, IReadOnlyList<EligibilityLine> Lines)
{
    public EligibilityVerdict Verdict => Eligibility.Verdict;

    /// <summary>
    /// What holds up the date of the first infusion. Consent does not: by its rules (CON-01) it holds up the infusion itself, where the
    /// go / no-go sheet asks for it.
    /// </summary>
    public IEnumerable<EligibilityLine> HoldingScheduling => Lines.Where(l => l.Blocks && !l.IsConsent);

    public EligibilityLine? this[string ruleId] => Lines.FirstOrDefault(l => string.Equals(l.Result.Rule.Id, ruleId, StringComparison.Ordinal));

    /// <summary>True when enough adequate trials are coded for the label "treatment-resistant", false when not, null when not assessed (IND-01).</summary>
    public bool? IsTreatmentResistant => this["IND-01"]?.Result.Outcome switch { RuleOutcome.Clear => true, RuleOutcome.Fired => false, _ => null };

    internal static EligibilitySheet Of(ReferralRecord record)
    {
        StageReport[] reports =
        [
            Indication.Evaluate(record.Indication(), record.Rules, record.Now),
            Screening.Evaluate(record.Screening(), record.Rules, record.Now),
            Consent.Evaluate(record.ConsentFacts(), record.Rules, record.Now),
            Governance.Evaluate(record.Governance(), record.Rules, record.Now),
        ];
        var lines = reports.SelectMany(r => r.Results).Select(result => new EligibilityLine(result, Lifting(record.Overrides, result)))
            .OrderByDescending(l => l.Blocks).ThenByDescending(l => l.Stops).ThenByDescending(l => l.Result.Outcome == RuleOutcome.Fired)
            .ThenByDescending(l => l.Result.Outcome == RuleOutcome.NotAssessed).ThenByDescending(l => l.Result.Severity).ThenBy(l => l.Result.Rule.Id, StringComparer.Ordinal).ToList();
        var lifted = lines.Where(l => l.OverriddenBy is not null).Select(l => l.Result.Rule.Id).ToHashSet(StringComparer.Ordinal);
        return new EligibilitySheet(Eligibility.Of(reports, lifted), lines);
    }

    private static Override? Lifting(IReadOnlyList<Override> overrides, RuleResult result) => !result.MayBeOverridden ? null : overrides.LastOrDefault(o =>
        o.WithdrawnAt is null && string.Equals(o.RuleIds, result.Rule.Id, StringComparison.Ordinal) && string.Equals(o.RuleVersion, result.Version, StringComparison.Ordinal)
        && string.Equals(o.Found, GoNoGoLine.FoundBy(result), StringComparison.Ordinal));
}
