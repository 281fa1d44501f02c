using System.Text.Json.Serialization;
using Euthymia.Trials.VirtualTrials;

namespace Euthymia.Trials.Agreement;

/// <summary>One published outcome beside what virtual trials of the same design give.</summary>
/// <param name="Predicted">Median over replicates.</param>
/// <param name="Low90">5th percentile.</param>
/// <param name="High90">95th percentile.</param>
/// <param name="Z">Distance from the median over the SD of the predictive distribution (width of the interval over 3.29); of the logarithm for ratios.</param>
/// <param name="NormalScore">The standard normal deviate of the published number's rank among the replicates: 0 on average and 1 in spread when the model holds, however skewed the prediction.</param>
/// <param name="Inside">Within the interval, after allowance for the rounding of the published number.</param>
/// <param name="LeftOut">Predicted by parameters that were calibrated without this trial.</param>
/// <param name="Target">What was held against what.</param>
/// <param name="Design">The arm as simulated; of a contrast the first.</param>
/// <param name="Status">How the published number was read.</param>
public sealed record OutcomeAgreement(
    string Trial,
    string Arm,
    string Outcome,
    string Statistic,
    double? TimeHours,
    double Observed,
    double Predicted,
    double Low90,
    double High90,
    double Z,
    [property: JsonIgnore] double NormalScore,
    bool Inside,
    [property: JsonIgnore] bool LeftOut,
    [property: JsonIgnore] Target Target,
    [property: JsonIgnore] ArmDesign Design,
    [property: JsonIgnore] string Status)
{
    /// <summary>True for depression scores and what follows from them, false for safety and plasma.</summary>
    [JsonIgnore]
    public bool IsMood => IsMoodOf(Target);

    internal static bool IsMoodOf(Target target) => target.Quantity is Quantity.Score or Quantity.Response or Quantity.Remission or Quantity.Relapse;
}

/// <summary>Agreement over outcomes.</summary>
public sealed record AgreementSummary(double Coverage90, double RmsZ, int N)
{
    public static AgreementSummary Of(IReadOnlyCollection<OutcomeAgreement> outcomes)
        => outcomes.Count == 0
            ? new AgreementSummary(0, 0, 0)
            : new AgreementSummary(outcomes.Count(outcome => outcome.Inside) / (double)outcomes.Count, Math.Sqrt(outcomes.Average(outcome => outcome.Z * outcome.Z)), outcomes.Count);
}

/// <summary>The evidence held against the engine: every outcome either predicted or listed with the reason why not.</summary>
public sealed record ValidationReport(IReadOnlyList<OutcomeAgreement> Outcomes, IReadOnlyList<NotPredicted> NotPredicted, int Replicates, ulong Seed, string ParameterVersion)
{
    public AgreementSummary Overall => AgreementSummary.Of([.. Outcomes]);

    public IEnumerable<(string Trial, AgreementSummary Summary)> ByTrial
        => Outcomes.GroupBy(outcome => outcome.Trial, StringComparer.Ordinal).Select(group => (group.Key, AgreementSummary.Of([.. group])));
}
