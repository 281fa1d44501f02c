using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>One session as given, with the infusions that made it.</summary>
/// <param name="StartHours">From the start of the course.</param>
/// <param name="Pattern">Index of the distinct pattern of rates.</param>
/// <param name="Occasion">Index of the occasion whose own effects are estimated, or -1.</param>
internal readonly record struct GivenSession(double StartHours, int Pattern, int Occasion);

/// <summary>
/// One patient made ready for calculation: models, sessions, the random effects that the data speak of, and the observations
/// that can be used. Immutable; shared by threads.
/// </summary>
internal sealed class IndividualContext
{
    /// <summary>Infusions that start within this many hours of one another are one session.</summary>
    public const double SessionHours = 6;

    private const int MostOccasions = 12;
    private const double OccasionWindowHours = 24;
    private const double OldestBaselineHours = 30 * 24;
    private const double VenousSettledHours = 0.25;

    private readonly List<SessionPattern> _patterns = [];
    private readonly List<GivenSession> _sessions = [];

    public IndividualContext(PatientRecord record, DrugModel drug, ResponseParameters response, IndividualParameters individual)
    {
        record.Check();
        (Record, Drug, Response, Individual) = (record, drug, response, individual);
        WeightKg = (double)record.Covariates.Weight.Value;
        Potency = SessionExposure.Potency(KetamineForm.Racemic, response);
        Equivalents = string.Equals(drug.Id, "esketamine", StringComparison.Ordinal) ? SessionExposure.Potency(KetamineForm.Esketamine, response) / Potency : 1;
        AddSessions(record.Given);
        SetBaseline();
        Observations = Usable();
        AssignOccasions();
        DepressionScale[] scales = [.. Observations.Where(observation => observation.Kind == ObservedKind.Score).Select(PatientRecord.ScaleOf).Where(scale => scale != DepressionScale.Madrs).Distinct()];
        Layout = new EffectLayout(drug, response, individual, record.Expectancy, BaselineObservations > 0, scales, Occasions);
    }

    public PatientRecord Record { get; }

    public DrugModel Drug { get; }

    public ResponseParameters Response { get; }

    public IndividualParameters Individual { get; }

    public EffectLayout Layout { get; }

    public double WeightKg { get; }

    /// <summary>Occupancy is c p / (1 + c p) of racemic-equivalent ng/mL.</summary>
    public double Potency { get; }

    /// <summary>Racemic equivalents of one ng/mL of the drug given.</summary>
    public double Equivalents { get; }

    /// <summary>MADRS points before treatment; only when observed.</summary>
    public double BaselineMadrs { get; private set; }

    /// <summary>Scores that the baseline is the mean of.</summary>
    public int BaselineObservations { get; private set; }

    /// <summary>Observations after repeated ones are merged and unusable ones left out, in order of time.</summary>
    public IReadOnlyList<PatientObservation> Observations { get; }

    /// <summary>What was left out or merged, and why.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Infusions with effects of their own.</summary>
    public int Occasions { get; private set; }

    public IReadOnlyList<SessionPattern> Patterns => _patterns;

    public IReadOnlyList<GivenSession> Sessions => _sessions;

    /// <summary>The last session that started before a time, or -1.</summary>
    public int SessionBefore(double hours)
    {
        var (low, high) = (0, _sessions.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_sessions[middle].StartHours < hours)
                low = middle + 1;
            else
                high = middle;
        }

        return low - 1;
    }

    private void AddSessions(IReadOnlyList<Infusion> given)
    {
        var patterns = new Dictionary<string, int>(StringComparer.Ordinal);
        RateSegment[] segments = [.. given.SelectMany(infusion => infusion.Segments).Where(segment => segment.Rate.Value > 0).OrderBy(segment => segment.Start)];
        for (var first = 0; first < segments.Length;)
        {
            var start = segments[first].Start;
            var count = 0;
            while (first + count < segments.Length && (segments[first + count].Start - start).TotalHours < SessionHours)
                count++;
            var merged = Flatten(segments.AsSpan(first, count), start);
            var key = string.Join(';', merged);
            if (!patterns.TryGetValue(key, out var pattern))
            {
                patterns[key] = pattern = _patterns.Count;
                _patterns.Add(new SessionPattern(merged));
            }

            _sessions.Add(new GivenSession(start.TotalHours, pattern, -1));
            first += count;
        }
    }

    // Segments may overlap (two pumps): rates add between each two switches.
    private static List<(double, double, double)> Flatten(ReadOnlySpan<RateSegment> segments, TimeSpan origin)
    {
        SortedSet<TimeSpan> switches = [];
        foreach (var segment in segments)
            switches.UnionWith([segment.Start, segment.End]);
        List<(double, double, double)> flat = [];
        TimeSpan? from = null;
        foreach (var to in switches)
        {
            var rate = 0m;
            foreach (var segment in segments)
                rate += from is { } start && segment.Start <= start && segment.End >= to ? segment.Rate.Value : 0;
            if (rate > 0)
                flat.Add(((from!.Value - origin).TotalHours, (to - origin).TotalHours, (double)rate));
            from = to;
        }

        return flat;
    }

    private void SetBaseline()
    {
        var first = _sessions.Count > 0 ? _sessions[0].StartHours : double.PositiveInfinity;
        PatientObservation[] before = [.. Record.Observations.Where(observation => observation.Kind == ObservedKind.Score && observation.Hours <= first)];
        PatientObservation[] recent = [.. before.Where(observation => observation.Hours >= Math.Min(first, before.Max(other => other.Hours)) - OldestBaselineHours)];
        if (before.Length > recent.Length)
            Notes.Add($"{before.Length - recent.Length} scores from more than thirty days before treatment were not used.");
        BaselineObservations = recent.Length;
        if (recent.Length > 0)
            BaselineMadrs = Math.Clamp(recent.Average(observation => observation.Value / PatientRecord.ScaleOf(observation).Slope), 0.5, MoodModel.MaximumMadrs - 0.5);
    }

    private List<PatientObservation> Usable()
    {
        var first = _sessions.Count > 0 ? _sessions[0].StartHours : double.PositiveInfinity;
        List<PatientObservation> usable = [];
        foreach (var observation in Record.Observations.OrderBy(observation => observation.Hours).ThenBy(observation => observation.Kind))
        {
            if (observation.Kind == ObservedKind.Score && observation.Hours <= first)
                continue;
            if (observation.Kind == ObservedKind.Plasma && WhyUnusable(observation, first) is { } reason)
                Notes.Add($"{observation} was not used: {reason}.");
            else if (observation.Kind is ObservedKind.Cadss or ObservedKind.DissociationLevel && _sessions.Count == 0)
                Notes.Add($"{observation} was not used: nothing had been given.");
            else
                usable.Add(observation);
        }

        return Merge(usable);
    }

    private string? WhyUnusable(PatientObservation observation, double first)
    {
        var measure = observation.Measure ?? "arterial";
        if (Drug.Observations.FirstOrDefault(candidate => string.Equals(candidate.Name, measure, StringComparison.OrdinalIgnoreCase)) is not { } observed)
            return $"model {Drug.Id} gives {string.Join(", ", Drug.Observations.Select(candidate => candidate.Name))} only";
        if (observation.Hours <= first)
            return "it was drawn before the first infusion, when the model has none";
        if (observed.VenousMixing is not { } venous || SessionBefore(observation.Hours) is not (>= 0 and var session))
            return null;
        var segments = _patterns[_sessions[session].Pattern].Segments;
        var minutes = (segments[^1].End - segments[0].Start) * 60;
        var since = observation.Hours - _sessions[session].StartHours - segments[^1].End;
        return since > VenousSettledHours || (minutes >= venous.ShortestInfusionMinutes && minutes <= venous.LongestInfusionMinutes)
            ? null
            : FormattableString.Invariant($"the venous term holds for infusions of {venous.ShortestInfusionMinutes} to {venous.LongestInfusionMinutes} min only");
    }

    // Readings of one thing at one time share what makes them deviate, so together they count as one.
    private List<PatientObservation> Merge(List<PatientObservation> observations)
    {
        List<PatientObservation> merged = [];
        foreach (var group in observations.GroupBy(observation => (observation.Hours, observation.Kind, Measure: observation.Measure?.ToUpperInvariant(), observation.BelowLimit)))
        {
            PatientObservation[] same = [.. group];
            if (same.Length == 1)
            {
                merged.Add(same[0]);
                continue;
            }

            var mean = group.Key.Kind switch
            {
                ObservedKind.Plasma when group.Key.BelowLimit => same.Min(observation => observation.Value),
                ObservedKind.Plasma => Math.Exp(same.Average(observation => Math.Log(observation.Value))),
                ObservedKind.DissociationLevel => same.Max(observation => observation.Value),
                _ => same.Average(observation => observation.Value),
            };
            merged.Add(same[0] with { Value = mean });
            Notes.Add(FormattableString.Invariant($"{same.Length} readings of {same[0].Measure ?? same[0].Kind.ToString()} at {same[0].Hours:0.##} h count as one, {mean:0.###}."));
        }

        return merged;
    }

    // Only an infusion that was watched can show what was its own; of many, the last ones matter for what comes next.
    private void AssignOccasions()
    {
        int[] watched = [.. Observations
            .Where(observation => observation.Kind is not ObservedKind.Score)
            .Select(observation => (Session: SessionBefore(observation.Hours), observation.Hours))
            .Where(pair => pair.Session >= 0 && pair.Hours - _sessions[pair.Session].StartHours <= OccasionWindowHours)
            .Select(pair => pair.Session).Distinct().Order()];
        if (watched.Length > MostOccasions)
            Notes.Add($"Variability of its own was estimated for the last {MostOccasions} of {watched.Length} infusions with readings; in the others it counts as scatter of the readings.");
        foreach (var session in watched.TakeLast(MostOccasions))
            _sessions[session] = _sessions[session] with { Occasion = Occasions++ };
    }
}
