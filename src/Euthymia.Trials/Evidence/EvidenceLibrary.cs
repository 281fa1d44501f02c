namespace Euthymia.Trials.Evidence;

/// <summary>A published study: what was done, on whom, against what.</summary>
/// <param name="Id">The key that arms and outcomes join by.</param>
/// <param name="Status">How the facts were read: verified, derived, secondary, recalled.</param>
public sealed record Trial(
    string Id,
    string Citation,
    string Doi,
    string Pmcid,
    string Design,
    string Population,
    string Comparator,
    string Enrolled,
    string Inclusion,
    string BaselineScale,
    string Status,
    string Note);

/// <summary>One treatment group of a trial, as published: text where the publication is text.</summary>
/// <param name="Dose">mg/kg as a number, or a fixed dose with its unit ("56 mg fixed").</param>
/// <param name="InfusionMinutes">Minutes, or how the drug was given.</param>
/// <param name="Schedule">Days of the sessions from the first ("0;3;7") or a phrase ("2x/week x4 wk").</param>
public sealed record Arm(
    string TrialId,
    string Id,
    string Drug,
    string Dose,
    string InfusionMinutes,
    string Route,
    string Schedule,
    double? N,
    double? BaselineMean,
    double? BaselineSd,
    double? AgeMean,
    string WeightOrBmi,
    double? FemalePercent,
    double? BipolarPercent,
    string Status);

/// <summary>One published result.</summary>
/// <param name="ArmId">An arm, or a contrast of two ("KET-MDZ"), or a group the publication names.</param>
/// <param name="Measure">What was measured: a scale, response, remission, relapse, a vital sign, <c>AE:</c> and a term.</param>
/// <param name="Statistic">mean, change, pct, diff, SMD, OR and so on.</param>
/// <param name="TimeHours">From the start of the first infusion; null when the publication gives none.</param>
/// <param name="Line">Line of the file, for messages.</param>
/// <param name="Problem">Why the row cannot be used as it stands, or null.</param>
public sealed record Outcome(
    string TrialId,
    string ArmId,
    string Measure,
    string Statistic,
    double? TimeHours,
    double? Value,
    double? Sd,
    double? Se,
    double? Low,
    double? High,
    double? N,
    string Unit,
    string Status,
    int Line,
    string? Problem);

/// <summary>A published claim about what changes the response, and how sure it is.</summary>
public sealed record Moderator(string Factor, string Effect, string Size, string Source, string Status);

/// <summary>Trials, their arms, outcomes and moderators, with everything that could not be read as it should.</summary>
/// <param name="Problems">One sentence each: file, line, column, what is wrong, the remedy.</param>
public sealed record EvidenceLibrary(
    string Name,
    IReadOnlyList<Trial> Trials,
    IReadOnlyList<Arm> Arms,
    IReadOnlyList<Outcome> Outcomes,
    IReadOnlyList<Moderator> Moderators,
    IReadOnlyList<string> Problems)
{
    /// <summary>A trial by its id, in any case of letters.</summary>
    /// <exception cref="EvidenceException">There is no such trial.</exception>
    public Trial Trial(string id)
        => Trials.FirstOrDefault(trial => string.Equals(trial.Id, id, StringComparison.OrdinalIgnoreCase))
            ?? throw new EvidenceException("trial-unknown", $"There is no trial '{id}' in {Name}. List the trials with 'euthymia trials list'{Nearest(id)}.");

    public IEnumerable<Arm> ArmsOf(string trialId)
        => Arms.Where(arm => string.Equals(arm.TrialId, trialId, StringComparison.Ordinal));

    public IEnumerable<Outcome> OutcomesOf(string trialId)
        => Outcomes.Where(outcome => string.Equals(outcome.TrialId, trialId, StringComparison.Ordinal));

    private string Nearest(string id)
    {
        var near = Trials.Where(trial => trial.Id.Contains(id, StringComparison.OrdinalIgnoreCase)).Select(trial => trial.Id).Take(3).ToList();
        return near.Count == 0 ? "" : $"; near: {string.Join(", ", near)}";
    }
}

/// <summary>Evidence that cannot be used: a stable code, and a message with file, line, column and remedy.</summary>
public sealed class EvidenceException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Stable, kebab-case.</summary>
    public string Code { get; } = code;
}
