using System.Globalization;

namespace Euthymia.Pharmacometrics.Planning;

/// <summary>How one session's dose is given.</summary>
public abstract record DoseProfile
{
    private protected DoseProfile()
    {
    }
}

/// <summary>One dose at a constant rate; exactly one of <paramref name="DosePerKilogram"/> and <paramref name="Dose"/> is set.</summary>
/// <param name="DosePerKilogram">By body weight.</param>
/// <param name="Dose">Whatever the weight.</param>
/// <param name="Duration">Of the infusion; ignored for a dose into muscle or under the skin.</param>
public sealed record ConstantDose(MilligramsPerKilogram? DosePerKilogram, Milligrams? Dose, TimeSpan Duration) : DoseProfile;

/// <summary>Rates one after the other.</summary>
/// <param name="Steps">Dose and duration of each.</param>
public sealed record SteppedDose(IReadOnlyList<(MilligramsPerKilogram Dose, TimeSpan Duration)> Steps) : DoseProfile;

/// <summary>The rates that bring the effect site of this patient's own model to a concentration and hold it there.</summary>
/// <param name="NanogramsPerMillilitre">Effect-site target, racemic equivalent.</param>
/// <param name="Duration">Of the infusion.</param>
/// <param name="MaximumRate">Of the pump.</param>
/// <param name="Step">Time between changes of rate.</param>
public sealed record EffectSiteTarget(double NanogramsPerMillilitre, TimeSpan Duration, MilligramsPerHour MaximumRate, TimeSpan Step) : DoseProfile;

/// <summary>One way to treat: what is given, how, and on which days from now.</summary>
/// <param name="Name">For a person, such as "0.5 mg/kg over 40 min, 6 in 12 days".</param>
/// <param name="Route">How it enters.</param>
/// <param name="Profile">Of each session.</param>
/// <param name="StartDays">Day of each session from now, ascending, 0 or more.</param>
public sealed record RegimenOption(string Name, Route Route, DoseProfile Profile, IReadOnlyList<double> StartDays)
{
    /// <summary>Infusions at a constant rate.</summary>
    /// <param name="dose">By body weight.</param>
    /// <param name="minutes">Of each infusion.</param>
    /// <param name="everyDays">From one to the next.</param>
    /// <param name="number">Of infusions.</param>
    public static RegimenOption Infusions(MilligramsPerKilogram dose, int minutes, double everyDays, int number)
        => new(
            string.Create(CultureInfo.InvariantCulture, $"{dose} over {minutes} min, {number} every {everyDays:0.##} days"),
            Route.IntravenousInfusion,
            new ConstantDose(dose, null, TimeSpan.FromMinutes(minutes)),
            [.. Enumerable.Range(0, number).Select(i => i * everyDays)]);

    /// <summary>Every combination of doses, durations, intervals and numbers.</summary>
    public static IReadOnlyList<RegimenOption> Grid(IReadOnlyList<MilligramsPerKilogram> doses, IReadOnlyList<int> minutes, IReadOnlyList<double> everyDays, IReadOnlyList<int> numbers)
        => [.. from dose in doses from length in minutes from interval in everyDays from number in numbers select Infusions(dose, length, interval, number)];

    internal void Check(int days)
    {
        if (StartDays.Count is 0 or > 200)
            throw Error("sessions-out-of-range", "it needs from 1 to 200 sessions");
        for (var i = 0; i < StartDays.Count; i++)
            if (!(StartDays[i] >= 0 && StartDays[i] < days) || (i > 0 && StartDays[i] - StartDays[i - 1] < 0.25))
                throw Error("start-out-of-range", FormattableString.Invariant($"sessions start on or after day 0 and before day {days}, in order and six hours apart"));
        switch (Profile)
        {
            case ConstantDose constant when (constant.Dose is null) == (constant.DosePerKilogram is null):
                throw Error("dose-ambiguous", "give the dose either in mg or in mg/kg");
            case ConstantDose { Duration: var duration } when duration <= TimeSpan.Zero || duration > TimeSpan.FromHours(96):
                throw Error("duration-out-of-range", "an infusion takes more than zero and at most 96 h");
            case ConstantDose constant when (constant.Dose?.Value ?? constant.DosePerKilogram!.Value.Value) <= 0:
                throw Error("dose-not-positive", "the dose must be more than zero");
            case SteppedDose stepped when stepped.Steps.Count == 0 || stepped.Steps.Any(step => step.Dose.Value < 0 || step.Duration <= TimeSpan.Zero) || stepped.Steps.All(step => step.Dose.Value == 0):
                throw Error("steps-invalid", "each step has a dose of zero or more and a duration above zero, and something must be given");
            case EffectSiteTarget target when !(target.NanogramsPerMillilitre is > 0 and <= 5000) || target.MaximumRate.Value <= 0 || target.Step < TimeSpan.FromSeconds(10) || target.Duration < target.Step || target.Duration > TimeSpan.FromHours(24):
                throw Error("target-invalid", "a target is above 0 and at most 5000 ng/mL, the pump's rate above zero, a step at least 10 s, the duration a step to 24 h");
        }
    }

    private InvalidInputException Error(string code, string problem) => new(code, "options", $"\"{Name}\": {problem}.");
}
