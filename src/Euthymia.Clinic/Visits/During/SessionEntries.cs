using System.Text.Json.Serialization;
using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>What is recorded at the chair beside readings and the pump: side effects, rescue drugs, alarms, the monitor.</summary>
public abstract record SessionEntry : VisitEntry;

/// <summary>How bad a side effect is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SideEffectGrade>))]
public enum SideEffectGrade
{
    /// <summary>Noticed, nothing needed.</summary>
    Mild = 1,

    /// <summary>Asks for something: reassurance, a slower rate, a drug.</summary>
    Moderate = 2,

    /// <summary>The infusion cannot go on as it is.</summary>
    Severe = 3,

    /// <summary>Life is in danger.</summary>
    LifeThreatening = 4,
}

/// <summary>Where a side effect stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SideEffectOutcome>))]
public enum SideEffectOutcome
{
    Ongoing,
    Resolved,
    Transferred,
}

/// <summary>A side effect seen or told.</summary>
/// <param name="Effect">What: the name of a <see cref="Sign"/> for what the rules know, else free text such as "headache".</param>
/// <param name="Sign">The sign that the rules look at; null when none of theirs.</param>
/// <param name="Grade">How bad.</param>
/// <param name="Action">What was done about it; null: nothing yet.</param>
/// <param name="Outcome">Where it stands when it is recorded.</param>
/// <param name="OnsetMinutesBefore">How long before it was recorded it began.</param>
public sealed record SideEffectSeen(string Effect, Sign? Sign, SideEffectGrade Grade, string? Action, SideEffectOutcome Outcome, int OnsetMinutesBefore = 0) : SessionEntry;

/// <summary>What became of a side effect that was recorded before.</summary>
public sealed record SideEffectFollowed(Guid EventId, SideEffectGrade Grade, string? Action, SideEffectOutcome Outcome) : SessionEntry;

/// <summary>A drug given by a person at the chair, as ordered by a named prescriber. The program proposes none.</summary>
/// <param name="Drug">Its name.</param>
/// <param name="Amount">How much, in <paramref name="Unit"/>.</param>
/// <param name="Unit">One of <see cref="Units"/>.</param>
/// <param name="Route">One of <see cref="Routes"/>.</param>
/// <param name="OrderedBy">Who ordered it.</param>
public sealed record RescueDrugGiven(string Drug, decimal Amount, string Unit, string Route, string OrderedBy) : SessionEntry
{
    /// <summary>UCUM codes; micrograms are written out as mcg, never with a Greek letter.</summary>
    public static IReadOnlyList<string> Units { get; } = ["mg", "mcg", "g", "mL", "L/min"];

    public static IReadOnlyList<string> Routes { get; } = ["intravenous", "oral", "sublingual", "intramuscular", "inhaled"];
}

/// <summary>A person saw an alarm and took it on; its sound is silent until the condition is over (IEC 60601-1-8: acknowledged).</summary>
public sealed record AlarmAcknowledged(Guid FindingId, string? Action) : SessionEntry;

/// <summary>The sound at this chair is off for a while (IEC 60601-1-8: audio paused). A new alarm ends it.</summary>
public sealed record AudioPaused(int Seconds) : SessionEntry
{
    /// <summary>A pause longer than this would be forgotten.</summary>
    public const int LongestSeconds = 120;
}

/// <summary>A person has seen that this monitor shows this patient; from now on its readings belong to this visit.</summary>
public sealed record MonitorConfirmed(string DeviceId, int PeriodSeconds) : SessionEntry;

/// <summary>The monitor no longer belongs to this patient.</summary>
public sealed record MonitorReleased : SessionEntry;
