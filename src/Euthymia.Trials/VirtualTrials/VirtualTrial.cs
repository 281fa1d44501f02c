using System.Text;
using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Evidence;

namespace Euthymia.Trials.VirtualTrials;

/// <summary>A published outcome that the engine does not predict, with the reason.</summary>
public sealed record NotPredicted(Outcome Outcome, string Reason);

/// <summary>A trial of the evidence made ready to be simulated: its arms, and the outcomes that it can be held against.</summary>
public sealed class VirtualTrial
{
    private const double FollowUpDays = 87.5;
    private const double LongestFollowUpDays = 730;
    private const double VisitEveryHours = 84;
    private const double DayHours = 24;

    private readonly Dictionary<string, ArmDesign> _arms;
    private readonly Dictionary<(string Arm, string Scale), ArmSimulator> _simulators = [];
    private readonly ResponseParameters _parameters;
    private readonly double _largestPooled;

    private VirtualTrial(Trial trial, Dictionary<string, ArmDesign> arms, IReadOnlyList<Target> targets, IReadOnlyList<NotPredicted> notPredicted, int trials, ResponseParameters parameters)
    {
        (Trial, _arms, Targets, NotPredicted, Trials, _parameters) = (trial, arms, targets, notPredicted, trials, parameters);
        _largestPooled = targets.Where(target => target.IsContrast).Max(target => target.Outcome.N) ?? 0;
        foreach (var target in targets.Where(IsMood))
        {
            AddSimulator(target.ArmA, target);
            if (target.ArmB is not null)
                AddSimulator(target.ArmB, target);
        }
    }

    public Trial Trial { get; }

    public IReadOnlyDictionary<string, ArmDesign> Arms => _arms;

    public IReadOnlyList<Target> Targets { get; }

    public IReadOnlyList<NotPredicted> NotPredicted { get; }

    /// <summary>One, or the number of trials that a meta-analysis pools.</summary>
    public int Trials { get; }

    /// <summary>Reads a trial; an outcome that cannot be predicted is kept with its reason.</summary>
    public static VirtualTrial Read(EvidenceLibrary library, Trial trial, ResponseParameters parameters)
    {
        var meta = MetaAnalysisArms.Is(trial);
        var outcomes = library.OutcomesOf(trial.Id).ToList();
        var arms = new Dictionary<string, ArmDesign>(StringComparer.Ordinal);
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new ArmReader(library, parameters);
        foreach (var arm in library.ArmsOf(trial.Id))
        {
            var read = reader.Read(trial, arm);
            if (read.Design is not null)
                arms[arm.Id] = read.Design;
            else
                reasons[arm.Id] = read.Reason!;
        }
        if (meta)
        {
            var lastHours = outcomes.Max(outcome => outcome.TimeHours);
            var midazolam = outcomes.Exists(outcome => outcome.ArmId.Contains("MDZ", StringComparison.OrdinalIgnoreCase) || outcome.ArmId.Contains("midazolam", StringComparison.OrdinalIgnoreCase));
            foreach (var name in outcomes.SelectMany(outcome => MetaAnalysisArms.Names(outcome.ArmId)).Append(MetaAnalysisArms.Placebo).Distinct(StringComparer.Ordinal))
            {
                var hours = outcomes.Where(outcome => MetaAnalysisArms.Names(outcome.ArmId).Contains(name, StringComparer.Ordinal)).Max(outcome => outcome.TimeHours) ?? lastHours;
                if (!arms.ContainsKey(name) && MetaAnalysisArms.Design(name, trial, hours, midazolam, parameters) is { } design)
                    arms[name] = design;
            }
        }

        var known = arms.Keys.Concat(reasons.Keys).ToList();
        var targetReader = new TargetReader(parameters);
        var (targets, notPredicted) = (new List<Target>(), new List<NotPredicted>());
        foreach (var outcome in outcomes)
        {
            var read = targetReader.Read(outcome, trial, known);
            var missing = read.Target is null ? null : new[] { read.Target.ArmA, read.Target.ArmB }.FirstOrDefault(arm => arm is not null && !arms.ContainsKey(arm));
            if ((read.Reason ?? Withdrawal(trial, outcome)) is { } notRead)
                notPredicted.Add(new NotPredicted(outcome, notRead));
            else if (missing is not null)
                notPredicted.Add(new NotPredicted(outcome, reasons.TryGetValue(missing, out var reason) ? reason : $"arms.csv does not describe the arm '{missing}'"));
            else
                targets.Add(read.Target!);
        }
        return new VirtualTrial(trial, arms, targets, notPredicted, meta ? MetaAnalysisArms.Trials(trial) : 1, parameters);
    }

    /// <summary>Values of every target in one replicate of the whole trial, in the order of <see cref="Targets"/>.</summary>
    public void Simulate(ResponseParameters drawn, in MoodParameters mood, ulong seed, int replicate, Span<double> values)
    {
        var trialDeviates = new Deviates(seed, Stream(Trial.Id, replicate));
        Span<TrialEffects> effects = new TrialEffects[Trials];
        for (var k = 0; k < Trials; k++)
            effects[k] = TrialEffects.Draw(trialDeviates, (uint)k, Trials > 1, drawn);

        var scores = new Dictionary<(string, string), ArmScores[]>();
        foreach (var (key, simulator) in _simulators)
            scores[key] = Scores(key.Arm, simulator, drawn, mood, effects, seed, replicate);
        for (var i = 0; i < values.Length; i++)
        {
            var target = Targets[i];
            if (!IsMood(target))
            {
                var deviates = new Deviates(seed, Stream($"{Trial.Id}/{target.ArmA}/{target.Term}{target.Quantity}{target.Hours}", replicate));
                values[i] = SafetyOf(target, drawn, effects[0], deviates, seed, replicate);
                continue;
            }
            var pooled = PooledBy(target);
            var a = ArmScores.Join(scores[(target.ArmA, target.Scale.Name)][..pooled]);
            var b = target.ArmB is null ? null : ArmScores.Join(scores[(target.ArmB, target.Scale.Name)][..pooled]);
            values[i] = TargetValue.Of(
                target, a, b, _simulators[(target.ArmA, target.Scale.Name)].TimesHours,
                target.ArmB is null ? [] : _simulators[(target.ArmB, target.Scale.Name)].TimesHours, _arms[target.ArmA].SessionHours[^1]);
        }
    }

    private static bool IsMood(Target target) => target.Quantity is Quantity.Score or Quantity.Response or Quantity.Remission or Quantity.Relapse;

    // Patients of a withdrawal phase were chosen for having responded and tolerated the drug: no model of that choice is calibrated.
    private static string? Withdrawal(Trial trial, Outcome outcome)
    {
        var chosen = trial.Design.Contains("withdrawal", StringComparison.OrdinalIgnoreCase) || trial.Design.Contains("relapse-prevention", StringComparison.OrdinalIgnoreCase);
        return chosen && !outcome.ArmId.Contains("enrich", StringComparison.OrdinalIgnoreCase) ? "a randomised withdrawal phase: its patients were chosen for having responded and tolerated the drug" : null;
    }

    private double SafetyOf(Target target, ResponseParameters drawn, TrialEffects trial, Deviates deviates, ulong seed, int replicate)
    {
        var a = SafetyValue.Of(target, _arms[target.ArmA], _parameters, drawn, trial, deviates);
        if (target.ArmB is null)
            return a;
        var other = new Deviates(seed, Stream($"{Trial.Id}/{target.ArmB}/{target.Term}{target.Quantity}{target.Hours}", replicate));
        var b = SafetyValue.Of(target, _arms[target.ArmB], _parameters, drawn, trial, other);
        double Share(double percent, int n) => (percent / 100 * n + 0.5) / (n + 1);
        var (pa, pb) = (Share(a, _arms[target.ArmA].Patients), Share(b, _arms[target.ArmB].Patients));
        return target.Summary switch
        {
            Summary.RiskRatio => pa / pb,
            Summary.OddsRatio => pa / (1 - pa) / (pb / (1 - pb)),
            _ => a - b,
        };
    }

    // A meta-analysis rarely pools all its trials in one result: the patients behind the result say how many it did.
    private int PooledBy(Target target)
    {
        if (Trials == 1)
            return 1;
        var patients = target.Outcome.N ?? (_largestPooled > 0 ? _largestPooled : double.PositiveInfinity);
        var each = _arms[target.ArmA].Patients * (target.IsContrast ? 2.0 : 1);
        return (int)Math.Clamp(Math.Round(patients / each), 1, Trials);
    }

    private ArmScores[] Scores(string armId, ArmSimulator simulator, ResponseParameters drawn, in MoodParameters mood, ReadOnlySpan<TrialEffects> effects, ulong seed, int replicate)
    {
        var parts = new ArmScores[effects.Length];
        for (var k = 0; k < parts.Length; k++)
        {
            var patients = new Deviates(seed, Stream($"{Trial.Id}/{armId}/{k}", replicate));
            var arm = new Deviates(seed, Stream($"{Trial.Id}/{armId}/{k}/arm", replicate));
            parts[k] = simulator.Simulate(drawn, mood, effects[k], patients, arm, _arms[armId].Patients);
        }
        return parts;
    }

    private void AddSimulator(string armId, Target target)
    {
        var key = (armId, target.Scale.Name);
        if (_simulators.ContainsKey(key))
            return;
        var times = new SortedSet<double>();
        foreach (var other in Targets.Where(other => string.Equals(other.Scale.Name, target.Scale.Name, StringComparison.Ordinal) && new[] { other.ArmA, other.ArmB }.Contains(armId, StringComparer.Ordinal)))
        {
            if (other.Quantity is not Quantity.Relapse)
                times.Add(other.Hours);
            if (other.Summary is Summary.PercentAnyTime)
                times.UnionWith(Enumerable.Range(1, (int)(other.Hours / DayHours)).Select(day => day * DayHours));
            var last = _arms[armId].SessionHours[^1];
            // Two visits beyond the end, so that a relapse at the end can be confirmed.
            var followUp = Math.Clamp(other.Outcome.TimeHours is { } until ? until - last + 2 * VisitEveryHours : 0, FollowUpDays * DayHours, LongestFollowUpDays * DayHours);
            if (other.Quantity is Quantity.Relapse)
                times.UnionWith(Enumerable.Range(0, (int)(followUp / VisitEveryHours) + 1).Select(visit => last + DayHours + visit * VisitEveryHours));
        }
        _simulators[key] = new ArmSimulator(_arms[armId], target.Scale, [.. times], _parameters);
    }

    // FNV-1a of the name: the stream of an arm depends on its own name only, not on what else is in the evidence.
    private static ulong Stream(string name, int replicate)
    {
        var hash = 2166136261u;
        foreach (var value in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ value) * 16777619u;
        return ((ulong)hash << 32) | (uint)replicate;
    }
}
