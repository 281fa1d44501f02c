using Euthymia.Pharmacometrics.Individualisation;

namespace Euthymia.Pharmacometrics.Planning;

/// <summary>What is wanted most.</summary>
public enum PlanObjective
{
    /// <summary>Probability of response at the objective's day; more is better.</summary>
    ResponseAtDay,

    /// <summary>Mean MADRS integrated over the plan, points x days; less is better.</summary>
    ScoreArea,

    /// <summary>Expected days in remission; more is better.</summary>
    DaysInRemission,
}

/// <summary>What must not happen too often. The defaults are judgements, for a clinician to change.</summary>
/// <param name="SystolicLimit">mmHg.</param>
/// <param name="MostSystolicProbability">Largest probability that any session's systolic pressure passes the limit.</param>
/// <param name="CadssLimit">Points.</param>
/// <param name="MostCadssProbability">Largest probability that any session's CADSS total passes the limit.</param>
/// <param name="MostCmax">95th percentile of the highest concentration, ng/mL; null for none.</param>
/// <param name="MostTotalDose">Of the plan; null for none.</param>
/// <param name="MostVisitsPerWeek">In any seven days; null for none.</param>
public sealed record PlanConstraints(
    double SystolicLimit = 180,
    double MostSystolicProbability = 0.1,
    double CadssLimit = 45,
    double MostCadssProbability = 0.1,
    double? MostCmax = null,
    Milligrams? MostTotalDose = null,
    int? MostVisitsPerWeek = null);

/// <summary>What to compare.</summary>
/// <param name="Options">1 to 1,000 regimens.</param>
/// <param name="NowHours">From the start of the course; not before the last infusion given ended.</param>
/// <param name="Days">Length of the plan, 1 to 365.</param>
/// <param name="Objective">What is wanted most.</param>
/// <param name="ObjectiveDay">For response; the last day when null.</param>
/// <param name="Constraints">What must not happen too often; the defaults when null.</param>
public sealed record PlanRequest(
    IReadOnlyList<RegimenOption> Options,
    double NowHours,
    int Days = 28,
    PlanObjective Objective = PlanObjective.ResponseAtDay,
    int? ObjectiveDay = null,
    PlanConstraints? Constraints = null)
{
    /// <summary>Days on which response and remission are also wanted, each from 0 to the last day of the plan.</summary>
    public IReadOnlyList<int> ReportDays { get; init; } = [];
}

/// <summary>How a regimen stands on one day.</summary>
/// <param name="Day">From the start of the plan.</param>
/// <param name="Response">Probability of response at a visit on it.</param>
/// <param name="Remission">Probability of remission at a visit on it.</param>
public sealed record DayOutcome(int Day, double Response, double Remission);

/// <summary>What is to be expected of one regimen in this patient.</summary>
/// <param name="Option">The regimen.</param>
/// <param name="Withheld">Why there are no numbers, for a person; null when there are.</param>
/// <param name="Segments">Rates of one session in hours and mg/h from its start; empty for a depot.</param>
/// <param name="Response">Probability of response at a visit on the objective's day.</param>
/// <param name="Remission">Probability of remission at a visit on that day.</param>
/// <param name="ScoreArea">Mean MADRS integrated over the plan, points x days.</param>
/// <param name="DaysInRemission">Expected.</param>
/// <param name="SystolicRisk">Probability that any session passes the systolic limit at its peak.</param>
/// <param name="CadssRisk">Probability that any session passes the limit of dissociation.</param>
/// <param name="Cmax">Highest concentration, ng/mL.</param>
/// <param name="TotalDose">Of the plan.</param>
/// <param name="VisitsPerWeek">In the busiest seven days.</param>
/// <param name="Score">Observed MADRS, one value a day from day 0.</param>
/// <param name="Broken">Constraints that it breaks, for a person; empty when it keeps all.</param>
/// <param name="IsEfficient">No other regimen that keeps the constraints gives as much for less of every burden.</param>
public sealed record PlannedRegimen(
    RegimenOption Option,
    string? Withheld,
    IReadOnlyList<(double Start, double End, double Rate)> Segments,
    double Response,
    double Remission,
    double ScoreArea,
    double DaysInRemission,
    double SystolicRisk,
    double CadssRisk,
    Spread Cmax,
    Milligrams TotalDose,
    int VisitsPerWeek,
    Band Score,
    IReadOnlyList<string> Broken,
    bool IsEfficient)
{
    /// <summary>Sessions of the plan.</summary>
    public int Visits => Option.StartDays.Count;

    /// <summary>Response and remission on the request's report days, in its order; empty when withheld.</summary>
    public IReadOnlyList<DayOutcome> OnDays { get; init; } = [];

    /// <summary>The objective, larger is better.</summary>
    internal double Benefit(PlanObjective objective) => objective switch
    {
        PlanObjective.ResponseAtDay => Response,
        PlanObjective.ScoreArea => -ScoreArea,
        _ => DaysInRemission,
    };
}

/// <summary>Regimens compared on one patient's posterior; options to weigh, not an order.</summary>
/// <param name="Regimens">In the order asked for.</param>
/// <param name="Basis">Models with versions, data, assumptions, one sentence each.</param>
/// <param name="WhatWouldChange">What would change the choice between the options, one sentence each.</param>
/// <param name="Range">Where the patient lies outside the models.</param>
public sealed record Plan(
    IReadOnlyList<PlannedRegimen> Regimens,
    IReadOnlyList<string> Basis,
    IReadOnlyList<string> WhatWouldChange,
    IReadOnlyList<RangeFinding> Range)
{
    /// <summary>The efficient regimens, those with the most benefit first.</summary>
    public IReadOnlyList<PlannedRegimen> Efficient { get; init; } = [];
}
