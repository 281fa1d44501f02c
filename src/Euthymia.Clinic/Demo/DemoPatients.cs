namespace Euthymia.Clinic.Demo;

/// <summary>How far an invented patient has come.</summary>
internal enum DemoStage
{
    /// <summary>Referred, no course planned.</summary>
    Referred,

    /// <summary>Course planned, the first infusion lies ahead.</summary>
    Planned,

    /// <summary>Some infusions given; the next one is on a later day.</summary>
    InCourse,

    /// <summary>The next infusion is later today.</summary>
    DueToday,

    /// <summary>The pump is running now.</summary>
    Running,

    /// <summary>The infusion ended a short while ago.</summary>
    Recovering,

    /// <summary>The course is over; weekly questionnaires follow.</summary>
    FollowUp,
}

/// <summary>One invented patient. The effect is the share of symptoms that one infusion of 0.5 mg/kg removes in the demo's response rule.</summary>
internal sealed record DemoPatient(
    string Initial, string Tree, RecordedSex Sex, int Age, int Height, decimal Weight, Diagnosis Diagnosis, DemoStage Stage,
    int Given, double Effect, int Baseline, int WeeksAfter = 0, string? Twist = null);

/// <summary>About twenty invented patients, named after trees so that nobody takes them for real people.</summary>
internal static class DemoPatients
{
    public const string PausedOnce = "paused";
    public const string StoppedEarly = "stopped";
    public const string Item9 = "item9";
    public const string Item9Closed = "item9closed";
    public const string MayRelapse = "mayrelapse";
    public const string OwnAccount = "account";

    public const string JustReferred = "just referred";
    public const string HalfWay = "intake half way";
    public const string NotNow = "not now";
    public const string Conditions = "eligible with conditions";

    private const Diagnosis Mdd = Diagnosis.MajorDepressiveDisorder;
    private const Diagnosis Trd = Diagnosis.TreatmentResistantDepression;

    public static IReadOnlyList<DemoPatient> All { get; } =
    [
        new("M.", "Birch", RecordedSex.Female, 45, 168, 61, Trd, DemoStage.Running, 2, 0.22, 19),
        new("A.", "Alder", RecordedSex.Male, 52, 181, 84.5m, Trd, DemoStage.Recovering, 4, 0.18, 21),
        new("J.", "Rowan", RecordedSex.Female, 33, 162, 57.2m, Mdd, DemoStage.DueToday, 1, 0.20, 17),
        new("T.", "Hazel", RecordedSex.Male, 61, 175, 92, Trd, DemoStage.DueToday, 5, 0.10, 20),
        new("S.", "Willow", RecordedSex.Female, 29, 170, 66.4m, Diagnosis.BipolarII, DemoStage.DueToday, 0, 0.20, 18),
        new("K.", "Aspen", RecordedSex.Female, 38, 159, 71, Trd, DemoStage.InCourse, 3, 0.24, 22, Twist: PausedOnce),
        new("R.", "Linden", RecordedSex.Male, 47, 186, 103, Mdd, DemoStage.InCourse, 2, 0.08, 16),
        new("E.", "Juniper", RecordedSex.Female, 56, 164, 78.3m, Trd, DemoStage.InCourse, 4, 0.15, 23, Twist: Item9),
        new("P.", "Maple", RecordedSex.Male, 41, 178, 80, Diagnosis.BipolarI, DemoStage.InCourse, 1, 0.16, 19),
        new("L.", "Cedar", RecordedSex.Other, 26, 172, 64, Mdd, DemoStage.Planned, 0, 0.20, 15),
        new("D.", "Spruce", RecordedSex.Male, 68, 173, 76.6m, Trd, DemoStage.Planned, 0, 0.12, 20),
        new("N.", "Acacia", RecordedSex.Female, 50, 166, 88, Trd, DemoStage.Planned, 0, 0.18, 21),
        new("H.", "Elm", RecordedSex.Female, 36, 175, 69, Trd, DemoStage.FollowUp, 6, 0.28, 20, 6, OwnAccount),
        new("B.", "Larch", RecordedSex.Male, 44, 183, 95, Mdd, DemoStage.FollowUp, 6, 0.20, 18, 4),
        new("C.", "Poplar", RecordedSex.Female, 58, 160, 59.5m, Trd, DemoStage.FollowUp, 6, 0.05, 22, 3),
        new("W.", "Yew", RecordedSex.Male, 39, 179, 82, Trd, DemoStage.FollowUp, 6, 0.32, 23, 5, PausedOnce),
        new("F.", "Hornbeam", RecordedSex.Female, 63, 157, 68, Diagnosis.BipolarII, DemoStage.FollowUp, 6, 0.14, 17, 2, Item9Closed),
        new("G.", "Sycamore", RecordedSex.Male, 31, 188, 90.8m, Trd, DemoStage.FollowUp, 6, 0.17, 19, 4, StoppedEarly),
        new("V.", "Olive", RecordedSex.Female, 42, 169, 73, Trd, DemoStage.Referred, 0, 0.20, 18, Twist: HalfWay),
        new("O.", "Chestnut", RecordedSex.Male, 55, 176, 0, Mdd, DemoStage.Referred, 0, 0.20, 16, Twist: JustReferred),
        new("U.", "Myrtle", RecordedSex.Female, 49, 165, 77, Trd, DemoStage.Referred, 0, 0.20, 21, Twist: NotNow),
        new("I.", "Quince", RecordedSex.Male, 34, 182, 86, Trd, DemoStage.Referred, 0, 0.20, 19, Twist: Conditions),
        new("Z.", "Fig", RecordedSex.Female, 40, 171, 68, Trd, DemoStage.Referred, 0, 0.20, 20),
        new("I.", "Laurel", RecordedSex.Female, 48, 167, 74, Trd, DemoStage.FollowUp, 6, 0.26, 17, 2, MayRelapse),
    ];
}
