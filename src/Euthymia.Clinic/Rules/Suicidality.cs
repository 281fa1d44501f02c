namespace Euthymia.Clinic.Rules;

/// <summary>Answers of a clinician's C-SSRS screener. Questions 3 to 5 are asked only when question 2 is yes.</summary>
public sealed record CssrsAnswers
{
    public bool? WishToBeDead { get; init; }

    public bool? Thoughts { get; init; }

    public bool? Method { get; init; }

    public bool? Intent { get; init; }

    public bool? Plan { get; init; }

    public bool? BehaviourEver { get; init; }

    public bool? BehaviourWithinThreeMonths { get; init; }

    public override string ToString() => "answers given";
}

/// <summary>Outcome of the ASQ. An acuity that is not known is taken for acute.</summary>
public enum AsqResult
{
    Negative,
    Positive,
    Acute,
}

/// <summary>What one contact says about suicidality. Null means not assessed.</summary>
public sealed record SuicidalityFacts
{
    /// <summary>PHQ-9 item 9 or QIDS item 12, 0 to 3.</summary>
    public int? DeathItem { get; init; }

    /// <summary>PHQ-9 item 9 alone, 0 to 3.</summary>
    public int? Phq9Item9 { get; init; }

    public bool? ScreenedInSameContact { get; init; }

    public CssrsAnswers? Cssrs { get; init; }

    /// <summary>Outcome of the ASQ.</summary>
    public AsqResult? Asq { get; init; }

    public bool? PositiveAnswer { get; init; }

    public bool? ClinicOpen { get; init; }

    public bool? CrisisNumberShown { get; init; }

    public bool? OnCallReached { get; init; }

    /// <summary>A reviewer's or a word list's mark on the free text.</summary>
    public bool? FreeTextSpeaksOfSuicide { get; init; }

    public int? Age { get; init; }

    public bool? ScoreFellAfterInfusion { get; init; }

    public bool? SafetyPlanOpen { get; init; }
}

/// <summary>Suicidality (SUI-*). The more cautious of the public C-SSRS triage maps is used.</summary>
public static class Suicidality
{
    private static readonly StageRules<SuicidalityFacts> Rules = new("suicidality", new(StringComparer.Ordinal)
    {
        ["SUI-01"] = (f, see) => see.AtLeast(f.DeathItem, "item") & see.No(f.ScreenedInSameContact),
        ["SUI-02"] = (f, see) => see.AtLeast(f.Phq9Item9, "item"),
        ["SUI-03a"] = (f, see) => IsHigh(see.See(f.Cssrs)),
        ["SUI-03b"] = (f, see) => IsModerate(see.See(f.Cssrs)) & !IsHigh(f.Cssrs),
        ["SUI-03c"] = (f, see) => (see.See(f.Cssrs)?.WishToBeDead | f.Cssrs?.Thoughts) & !IsModerate(f.Cssrs) & !IsHigh(f.Cssrs),
        ["SUI-05"] = (f, see) => see.Yes(f.PositiveAnswer) & see.No(f.ClinicOpen) & (see.No(f.CrisisNumberShown) | see.No(f.OnCallReached)),
        ["SUI-06"] = (f, see) => (see.See(f.DeathItem) is { } item ? item == 0 : null) & see.Yes(f.FreeTextSpeaksOfSuicide),
        ["SUI-07"] = (f, see) => see.AtMost(f.Age, "age"),
        ["SUI-09"] = (f, see) => see.Is(f.Asq, AsqResult.Positive),
        ["SUI-10"] = (f, see) => see.Is(f.Asq, AsqResult.Acute),
        ["SUI-08"] = (f, see) => see.Yes(f.ScoreFellAfterInfusion) & see.Yes(f.SafetyPlanOpen),
    });

    public static StageReport Evaluate(SuicidalityFacts facts, RuleSettings settings, DateTimeOffset now) => Rules.Evaluate(facts, settings, now);

    /// <summary>"high", "moderate", "low" or "none" by SUI-03a to SUI-03c; null while what is missing could still change it.</summary>
    public static string? RiskOf(CssrsAnswers answers) => (IsHigh(answers), IsModerate(answers), answers.WishToBeDead | answers.Thoughts) switch
    {
        (true, _, _) => "high",
        (false, true, _) => "moderate",
        (false, false, true) => "low",
        (false, false, false) => "none",
        _ => null,
    };

    private static bool? IsHigh(CssrsAnswers? c) => (c?.Thoughts & (c?.Intent | c?.Plan)) | c?.BehaviourWithinThreeMonths;

    private static bool? IsModerate(CssrsAnswers? c) => (c?.Thoughts & c?.Method) | c?.BehaviourEver;
}
