namespace Euthymia.Pharmacometrics.Events;

/// <summary>What an event record does, by NONMEM's numbers.</summary>
public enum EventKind
{
    /// <summary>0: an observation; nothing happens.</summary>
    Observation = 0,

    /// <summary>1: a dose.</summary>
    Dose = 1,

    /// <summary>2: another event, such as a change of covariate; nothing happens.</summary>
    Other = 2,

    /// <summary>3: everything is emptied, doses under way or to come are forgotten.</summary>
    Reset = 3,

    /// <summary>4: a reset, then a dose.</summary>
    ResetAndDose = 4,
}

/// <summary>One line of an event file. Amounts, times and rates are in the units of the file.</summary>
/// <param name="Line">Line number in the file, from 1.</param>
/// <param name="Id">As written.</param>
/// <param name="Time">When.</param>
/// <param name="Kind">EVID.</param>
/// <param name="Amount">AMT; zero unless a dose.</param>
/// <param name="Rate">RATE: zero for a bolus, -1 for the model's rate R, -2 for the model's duration D.</param>
/// <param name="Duration">DUR: zero unless the file gives a duration.</param>
/// <param name="Compartment">CMT from 1; zero for the model's default.</param>
/// <param name="Additional">ADDL: further doses like this one.</param>
/// <param name="Interval">II: time between doses.</param>
/// <param name="SteadyState">SS: 0, 1 (replaces what is there) or 2 (adds to it).</param>
/// <param name="Covariates">In the order of <see cref="EventTable.CovariateNames"/>; NaN where missing.</param>
public sealed record EventRecord(
    int Line,
    string Id,
    double Time,
    EventKind Kind,
    double Amount,
    double Rate,
    double Duration,
    int Compartment,
    int Additional,
    double Interval,
    int SteadyState,
    double[] Covariates)
{
    /// <summary>Whether drug is given.</summary>
    public bool IsDose => Kind is EventKind.Dose or EventKind.ResetAndDose;

    /// <summary>Whether this is a steady-state infusion that has run for ever and ends now: SS with a rate, no amount and no interval.</summary>
    public bool IsConstantInfusion => IsDose && this is { SteadyState: > 0, Amount: 0, Interval: 0, Rate: > 0 or -1 };

    /// <summary>Whether everything before is forgotten.</summary>
    public bool IsReset => Kind is EventKind.Reset or EventKind.ResetAndDose;
}
