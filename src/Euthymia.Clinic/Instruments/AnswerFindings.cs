using System.Globalization;
using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>A completed instrument with what it is judged against.</summary>
/// <param name="Assessment">What is being stored.</param>
/// <param name="Instrument">Its definition, as shipped.</param>
/// <param name="History">The patient's earlier assessments of every kind, oldest first.</param>
/// <param name="Age">Of the patient, completed years.</param>
/// <param name="Clinic">Opening hours and whom to tell.</param>
/// <param name="Rules">The clinic's rule settings.</param>
internal sealed record Answered(Assessment Assessment, Instrument Instrument, IReadOnlyList<Assessment> History, int Age, ClinicSettings Clinic, RuleSettings Rules)
{
    public DateTimeOffset Now => Assessment.RecordedAt;

    public int? this[int item] => Assessment.Answers.Count >= item ? Assessment.Answers[item - 1] : null;

    public IEnumerable<Assessment> Earlier(string instrumentId) => History.Where(a => string.Equals(a.InstrumentId, instrumentId, StringComparison.Ordinal) && a.Id != Assessment.Id);
}

/// <summary>Judges answers by the rule book and says who has to act by when. What each rule says is in the book; who acts is in finding-rules.json.</summary>
internal static class AnswerFindings
{
    /// <summary>Two questionnaires within this time belong to one contact.</summary>
    private static readonly TimeSpan SameContact = TimeSpan.FromHours(1);

    private static readonly MisuseSign[] MisuseItems = [MisuseSign.EarlyRequest, MisuseSign.LostDrug, MisuseSign.SeveralProviders, MisuseSign.Craving, MisuseSign.PositiveScreen];

    private static readonly UrinarySymptom[] BladderItems =
        [UrinarySymptom.Frequency, UrinarySymptom.Urgency, UrinarySymptom.Dysuria, UrinarySymptom.Nocturia, UrinarySymptom.Haematuria, UrinarySymptom.PelvicPain];

    public static IReadOnlyList<Finding> Judge(Answered answered)
    {
        var fired = Reports(answered).SelectMany(report => report.Fired).Where(result => FindingRule.Find(result.Rule.Id) is not null).ToList();
        var covered = fired.SelectMany(result => FindingRule.Get(result.Rule.Id).Covers ?? []).ToHashSet(StringComparer.Ordinal);
        List<Finding> findings = [.. fired.Where(result => !covered.Contains(result.Rule.Id))
            .Select(result => Route(result, answered.Assessment.PatientId, answered.Assessment.Id, $"{answered.Assessment.Id:N}", Basis(answered, result), answered.Clinic, answered.Now))];
        if (SuicideNotAssessed(answered))
            findings.Add(FindingRule.Get("DQ-01").Fire(answered.Assessment.PatientId, answered.Assessment.Id, SuicideWords(answered), answered.Now));
        return findings;
    }

    /// <summary>A fired rule as a finding with its owner and due time. A rule that waits for the medical director's signature only informs.</summary>
    public static Finding Route(RuleResult result, Guid patientId, Guid subjectId, string occurrence, string basis, ClinicSettings clinic, DateTimeOffset now)
    {
        var route = FindingRule.Get(result.Rule.Id);
        return new Finding
        {
            PatientId = patientId,
            RuleId = result.Rule.Id,
            RuleVersion = result.Version,
            Severity = result.Acts ? route.Severity : FindingSeverity.Notice,
            Title = route.Title,
            Basis = ClinicText.Shorten(result.Acts ? basis : $"{basis} Shown only: the medical director has not signed this rule.", ClinicText.NoteLength),
            Advice = route.Advice ?? string.Join("; ", result.Rule.Options),
            Source = $"{result.Rule.Source}. {route.Source}",
            SourceStatus = $"{EvidenceWords.Of(result.Rule.Status)} (rule), {route.Status} (due time)",
            Owner = route.Owner,
            SubjectId = subjectId,
            Occurrence = $"{occurrence}:{result.Rule.Id}",
            OpenedAt = now,
            DueAt = route.WorkingDay ? clinic.EndOfNextWorkingDay(now) : now.AddMinutes(route.DueMinutes),
        };
    }

    private static IEnumerable<StageReport> Reports(Answered a)
    {
        var suicidality = Suicide(a);
        if (suicidality is not null)
        {
            var report = Suicidality.Evaluate(suicidality, a.Rules, a.Now);
            yield return report;
            if (report.Fired.Any(r => r.Rule.Id is "SUI-01" or "SUI-02" or "SUI-03a" or "SUI-03b" or "SUI-09" or "SUI-10"))
                yield return Suicidality.Evaluate(Unwatched(a), a.Rules, a.Now);
        }

        if (a.Instrument.WatchedForWorsening && a.Assessment.Total is { } total
            && a.Earlier(a.Instrument.Id).LastOrDefault(e => e.Total is not null && e.InstrumentVersion == a.Assessment.InstrumentVersion && e.CompletedAt < a.Assessment.CompletedAt) is { } last)
        {
            yield return FollowUpRules.Evaluate(new FollowUpFacts { RiseSinceLastScore = total - last.Total }, a.Rules, a.Now);
        }

        if (MoodWatch.IsPsychosisScale(a.Assessment))
            yield return SideEffects.Evaluate(Psychosis(a), a.Rules, a.Now);

        switch (a.Instrument.Id)
        {
            case "CHECK-IN":
                yield return FollowUpRules.Evaluate(new FollowUpFacts { Sleep = a[2], AfterEffects = a[3], MoodUpTooFar = a[5] }, a.Rules, a.Now);
                yield return LongTermSafety.Evaluate(CheckInSigns(a), a.Rules, a.Now);
                break;
            case "BLADDER":
                yield return LongTermSafety.Evaluate(Bladder(a), a.Rules, a.Now);
                break;
            case "MISUSE":
                yield return LongTermSafety.Evaluate(new LongTermFacts { MisuseSigns = MisuseSigns([.. a.Assessment.Answers]) }, a.Rules, a.Now);
                break;
            case "COGNITION":
                yield return LongTermSafety.Evaluate(Cognition(a), a.Rules, a.Now);
                break;
            case "ASRM":
                yield return SideEffects.Evaluate(new SideEffectFacts { Asrm = a.Assessment.Total }, a.Rules, a.Now);
                break;
            case "YMRS":
                yield return SideEffects.Evaluate(new SideEffectFacts { Ymrs = a.Assessment.Total }, a.Rules, a.Now);
                break;
        }
    }

    private static SuicidalityFacts? Suicide(Answered a)
    {
        if (a.Instrument.SuicideItem is { } item && a.Assessment.Answers.Count > 0)
        {
            return new SuicidalityFacts
            {
                DeathItem = a[item],
                Phq9Item9 = string.Equals(a.Instrument.Id, Instrument.Phq9.Id, StringComparison.Ordinal) ? a[item] : null,
                ScreenedInSameContact = a.History.Any(h => h.InstrumentId is "ASQ" or "C-SSRS" && h.Band is not null && (a.Assessment.CompletedAt - h.CompletedAt).Duration() <= SameContact),
                Age = a.Age,
            };
        }

        return a.Instrument.Id switch
        {
            "ASQ" => new SuicidalityFacts
            {
                Asq = a.Assessment.Band switch
                {
                    AsqOutcome.Negative => AsqResult.Negative,
                    AsqOutcome.NonAcute => AsqResult.Positive,
                    AsqOutcome.Acute or AsqOutcome.AcuityUnknown => AsqResult.Acute,
                    _ => null,
                },
                Age = a.Age,
            },
            "C-SSRS" => new SuicidalityFacts { Cssrs = InstrumentScoring.CssrsOf([.. a.Assessment.Answers]), Age = a.Age },
            _ => null,
        };
    }

    /// <summary>What SUI-05 looks at. Whether the person on call was reached is not known yet when somebody can be told; the escalation goes on until they confirm.</summary>
    private static SuicidalityFacts Unwatched(Answered a) => new()
    {
        PositiveAnswer = true,
        ClinicOpen = a.Clinic.IsWatched(a.Now) || !a.Assessment.IsSelfReport,
        CrisisNumberShown = a.Clinic.CrisisLine.Length > 0,
        OnCallReached = a.Clinic.OnCallMail.Length > 0 ? null : false,
    };

    private static LongTermFacts CheckInSigns(Answered a) => new()
    {
        NewUrinarySymptoms = a[4] switch
        {
            null => null,
            0 => [],
            1 => [UrinarySymptom.Frequency],
            2 => [UrinarySymptom.Dysuria],
            _ => [UrinarySymptom.Haematuria],
        },
        MisuseSigns = a[6] switch
        {
            null => null,
            0 => [],
            1 => [MisuseSign.Craving],
            _ => [MisuseSign.Craving, MisuseSign.PositiveScreen],
        },
    };

    /// <summary>Symptoms that a bladder checklist reports; null when it has none and was left incomplete.</summary>
    public static IReadOnlyList<UrinarySymptom>? UrinarySymptoms(IReadOnlyList<int?> answers, int? total)
    {
        List<UrinarySymptom> symptoms = [.. BladderItems.Where((_, i) => i < answers.Count && answers[i] > 0)];
        return symptoms.Count == 0 && total is null ? null : symptoms;
    }

    /// <summary>Signs that a misuse checklist reports.</summary>
    public static IReadOnlyList<MisuseSign> MisuseSigns(IReadOnlyList<int?> answers) => [.. MisuseItems.Where((_, i) => i < answers.Count && answers[i] > 0)];

    /// <summary>Against the patient's own first rating on the same scaling.</summary>
    private static SideEffectFacts Psychosis(Answered a) => new()
    {
        NewPsychoticSymptoms = false,
        BaselineBprsPositive = a.Earlier(a.Instrument.Id).FirstOrDefault(e => e.Total is not null)?.Total,
        BprsPositive = a.Assessment.Total,
    };

    private static LongTermFacts Bladder(Answered a)
    {
        var symptoms = UrinarySymptoms([.. a.Assessment.Answers], a.Assessment.Total);
        var before = a.Earlier("BLADDER").Where(e => e.CompletedAt < a.Assessment.CompletedAt).Reverse().TakeWhile(e => e.Answers.Any(x => x > 0)).Count();
        return new LongTermFacts
        {
            NewUrinarySymptoms = symptoms,
            VisitsWithUrinarySymptoms = symptoms is null or { Count: 0 } ? 0 : before + 1,
        };
    }

    private static LongTermFacts Cognition(Answered a)
    {
        // The rule counts upwards: the number of questions without trouble.
        int? Well(Assessment x) => x.Total is { } troubles ? a.Instrument.Items.Count - troubles : null;
        return new LongTermFacts { CognitiveScore = Well(a.Assessment), CognitiveBaseline = a.Earlier("COGNITION").FirstOrDefault() is { } first ? Well(first) : null };
    }

    private static bool SuicideNotAssessed(Answered a) => a.Instrument switch
    {
        { SuicideItem: { } item } => a.Assessment.Answers.Count > 0 && a[item] is null,
        { Scoring.Method: ScoringMethod.SuicideScreen or ScoringMethod.CssrsTriage } => a.Assessment.Band is null,
        _ => false,
    };

    private static string Basis(Answered a, RuleResult result) => result.Rule.Stage switch
    {
        "suicidality" => SuicideWords(a),
        _ => result.Message,
    };

    private static string SuicideWords(Answered a)
    {
        if (a.Instrument.SuicideItem is not { } item)
            return $"{a.Instrument.Id}: {a.Assessment.Band ?? "not assessed"}.";
        var answer = a[item] is { } value ? $"{value} ({a.Instrument.OptionsOf(a.Instrument.Items[item - 1]).First(o => o.Value == value).Text})" : "not answered";
        var total = a.Assessment.Total is { } sum ? $"{sum.ToString(CultureInfo.InvariantCulture)}{(a.Assessment.IsProrated ? " (prorated)" : "")}" : "none";
        return $"{a.Instrument.Id} item {item.ToString(CultureInfo.InvariantCulture)}: {answer}; total: {total}.";
    }
}
