using System.Text.Json.Serialization;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

/// <summary>What an event of a visit says. Stored as JSON whose property names carry the unit.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(InfusionStarted), "started")]
[JsonDerivedType(typeof(RateChanged), "rate_changed")]
[JsonDerivedType(typeof(InfusionPaused), "paused")]
[JsonDerivedType(typeof(InfusionResumed), "resumed")]
[JsonDerivedType(typeof(InfusionStopped), "stopped")]
[JsonDerivedType(typeof(VisitCompleted), "completed")]
[JsonDerivedType(typeof(Observed), "observed")]
[JsonDerivedType(typeof(Noted), "noted")]
[JsonDerivedType(typeof(Amended), "amended")]
[JsonDerivedType(typeof(CheckedBefore), "checked_before")]
[JsonDerivedType(typeof(Weighed), "weighed")]
[JsonDerivedType(typeof(StopOverridden), "stop_overridden")]
[JsonDerivedType(typeof(DrugPrepared), "drug_prepared")]
[JsonDerivedType(typeof(PumpEntered), "pump_entered")]
[JsonDerivedType(typeof(DrugWasted), "drug_wasted")]
[JsonDerivedType(typeof(DrugReturned), "drug_returned")]
[JsonDerivedType(typeof(Witnessed), "witnessed")]
[JsonDerivedType(typeof(RecoveryScored), "recovery_scored")]
[JsonDerivedType(typeof(HomeReadinessScored), "home_readiness_scored")]
[JsonDerivedType(typeof(CheckedAfter), "checked_after")]
[JsonDerivedType(typeof(DischargeOverridden), "discharge_overridden")]
[JsonDerivedType(typeof(SignedOff), "signed_off")]
[JsonDerivedType(typeof(SideEffectSeen), "side_effect")]
[JsonDerivedType(typeof(SideEffectFollowed), "side_effect_followed")]
[JsonDerivedType(typeof(RescueDrugGiven), "rescue_drug")]
[JsonDerivedType(typeof(AlarmAcknowledged), "alarm_acknowledged")]
[JsonDerivedType(typeof(AudioPaused), "audio_paused")]
[JsonDerivedType(typeof(MonitorConfirmed), "monitor_confirmed")]
[JsonDerivedType(typeof(MonitorReleased), "monitor_released")]
[JsonDerivedType(typeof(ReadingDoubted), "reading_doubted")]
public abstract record VisitEntry;

/// <summary>What is done at the pump: the dose given rests on its time.</summary>
public abstract record PumpAction : VisitEntry;

/// <summary>The pump was started. It stops by itself when <paramref name="VolumeMillilitres"/> has been infused.</summary>
public sealed record InfusionStarted(
    [property: JsonPropertyName("mL/h")] decimal RateMillilitresPerHour,
    [property: JsonPropertyName("mg/mL")] decimal MilligramsPerMillilitre,
    [property: JsonPropertyName("mL")] decimal VolumeMillilitres,
    Guid OrderId) : PumpAction
{
    [JsonIgnore]
    public MillilitresPerHour Rate => new(RateMillilitresPerHour);

    [JsonIgnore]
    public MilligramsPerMillilitre Concentration => new(MilligramsPerMillilitre);

    [JsonIgnore]
    public Millilitres Volume => new(VolumeMillilitres);
}

public sealed record RateChanged([property: JsonPropertyName("mL/h")] decimal RateMillilitresPerHour, string? Reason = null) : PumpAction
{
    [JsonIgnore]
    public MillilitresPerHour Rate => new(RateMillilitresPerHour);
}

public sealed record InfusionPaused(string? Reason = null) : PumpAction;

/// <summary>The pump runs again, at the rate it had before the pause.</summary>
public sealed record InfusionResumed : PumpAction;

/// <summary>The infusion ended, early or because the volume was in.</summary>
public sealed record InfusionStopped(string? Reason = null) : PumpAction;

/// <summary>The patient left; the visit is closed.</summary>
public sealed record VisitCompleted : VisitEntry;

/// <summary>Readings, by a person or, with <paramref name="DeviceId"/>, by a monitor.</summary>
public sealed record Observed(Readings Readings, string? DeviceId = null) : VisitEntry;

public sealed record Noted(string Text) : VisitEntry;

/// <summary>
/// Corrects an earlier event: another entry and another time of observation in its place, or nothing at all when it was wrong altogether.
/// The corrected event stays visible.
/// </summary>
/// <param name="EventId">The event that is corrected; not itself an amendment.</param>
/// <param name="Replacement">What should have been recorded, of the same kind; null withdraws the event.</param>
/// <param name="ReplacementObservedAt">When it was observed; null keeps the time.</param>
/// <param name="Reason">Why.</param>
public sealed record Amended(Guid EventId, VisitEntry? Replacement, DateTimeOffset? ReplacementObservedAt, string Reason) : VisitEntry;
