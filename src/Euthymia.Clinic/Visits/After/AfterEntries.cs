using System.Text.Json.Serialization;

namespace Euthymia.Clinic;

/// <summary>The modified Aldrete score of recovery: five items of 0 to 2.</summary>
public sealed record RecoveryScored(int Activity, int Breathing, int Circulation, int Consciousness, int Saturation) : SheetEntry
{
    [JsonIgnore]
    public int Total => Activity + Breathing + Circulation + Consciousness + Saturation;

    [JsonIgnore]
    internal (string Field, int Value)[] Items =>
        [("activity", Activity), ("breathing", Breathing), ("circulation", Circulation), ("consciousness", Consciousness), ("saturation", Saturation)];
}

/// <summary>The post-anaesthetic discharge score (PADS) of readiness for home: five items of 0 to 2.</summary>
public sealed record HomeReadinessScored(int VitalSigns, int Walking, int NauseaAndVomiting, int Pain, int Bleeding) : SheetEntry
{
    [JsonIgnore]
    public int Total => VitalSigns + Walking + NauseaAndVomiting + Pain + Bleeding;

    [JsonIgnore]
    internal (string Field, int Value)[] Items =>
        [("vitalSigns", VitalSigns), ("walking", Walking), ("nauseaAndVomiting", NauseaAndVomiting), ("pain", Pain), ("bleeding", Bleeding)];
}

/// <summary>What was looked at and told before the patient leaves. Null is "not assessed". Later answers add to earlier ones.</summary>
public sealed record AfterAnswers
{
    public bool? Oriented { get; init; }

    public bool? SteadyGait { get; init; }

    /// <summary>The last oxygen saturation was taken on room air.</summary>
    public bool? OnRoomAir { get; init; }

    public bool? LineRemoved { get; init; }

    public bool? SuicideRiskRechecked { get; init; }

    public bool? HandedToEscort { get; init; }

    public bool? DrivingToldPatient { get; init; }

    public bool? DrivingToldEscort { get; init; }

    public bool? InstructionsGiven { get; init; }

    public bool? LateEffectsExplained { get; init; }

    [JsonIgnore]
    public bool IsEmpty => this == new AfterAnswers();

    public AfterAnswers With(AfterAnswers later) => new()
    {
        Oriented = later.Oriented ?? Oriented,
        SteadyGait = later.SteadyGait ?? SteadyGait,
        OnRoomAir = later.OnRoomAir ?? OnRoomAir,
        LineRemoved = later.LineRemoved ?? LineRemoved,
        SuicideRiskRechecked = later.SuicideRiskRechecked ?? SuicideRiskRechecked,
        HandedToEscort = later.HandedToEscort ?? HandedToEscort,
        DrivingToldPatient = later.DrivingToldPatient ?? DrivingToldPatient,
        DrivingToldEscort = later.DrivingToldEscort ?? DrivingToldEscort,
        InstructionsGiven = later.InstructionsGiven ?? InstructionsGiven,
        LateEffectsExplained = later.LateEffectsExplained ?? LateEffectsExplained,
    };
}

/// <summary>A part of the discharge sheet was filled.</summary>
public sealed record CheckedAfter(AfterAnswers Answers) : SheetEntry;

/// <summary>One of the two people who let the patient go although a criterion is unmet.</summary>
/// <param name="Unmet">The rules of the unmet criteria, in order, with commas.</param>
/// <param name="Reason">Why.</param>
public sealed record DischargeOverridden(string Unmet, string Reason) : SheetEntry;

/// <summary>What a signature under a visit means.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SignatureMeaning>))]
public enum SignatureMeaning
{
    /// <summary>The record is mine and complete.</summary>
    Recorded,

    /// <summary>I have read the record and agree with it.</summary>
    Reviewed,
}

/// <summary>A signature under a completed visit: the author's name, the time, and what it means.</summary>
public sealed record SignedOff(SignatureMeaning Meaning) : SheetEntry;
