using System.Numerics;

namespace Euthymia.Numerics.Cascades;

/// <summary>
/// Everything about a simulation that does not depend on the patient: the segments between switches of input, the landing
/// points of the exact part, the mesh of steps of the response and the lengths of time for which propagators are needed.
/// One plan serves all patients of one <see cref="Pace"/>. A patient's pace follows from the patient's own rates alone and
/// the error control refines a step for each patient alone, so results never depend on who else is simulated.
/// </summary>
internal sealed class CascadePlan
{
    /// <summary>How often a step can be halved before the patient is run again at a finer pace.</summary>
    private const int Halvings = 5;

    /// <summary>Most steps of a plan; a response that needs more is stiff or the horizon is a mistake.</summary>
    private const int MaximumSteps = 1_000_000;

    private readonly Dictionary<long, int> _lengthIndex = [];
    private readonly Dictionary<long, int> _kindIndex = [];
    private readonly double _longestStep;
    private readonly Dictionary<(long Ratio, long Size), double[]> _predictors = [];

    public CascadePlan(Schedule schedule, int inputs, Pace pace, bool hasResponse)
    {
        Times = [.. schedule.Times];
        End = Times.Length == 0 ? 0 : Times[^1];
        var switches = Switches(schedule);
        Unit = UnitStep(switches, pace.FirstStep);
        Fine = Unit / 64;
        _longestStep = pace.LongestStep;
        BuildSegments(schedule, switches, inputs);
        BuildLandings();
        if (hasResponse)
            BuildSteps(pace);
        Levels = Lengths.Count == 0 ? 1 : Math.Max(1, Lengths.Where(l => l.Half < 0 || (l.Remainder == 0 && BitOperations.IsPow2(l.Whole))).Max(l => 64 - BitOperations.LeadingZeroCount(l.Whole)));
    }

    public double[] Times { get; }

    public double End { get; }

    /// <summary>The smallest step of the mesh.</summary>
    public double Unit { get; }

    /// <summary>Length of time of the finest propagator; level k of the chain of squarings spans Fine 2^k.</summary>
    public double Fine { get; }

    public int Levels { get; }

    public List<Length> Lengths { get; } = [];

    public List<Segment> Segments { get; } = [];

    public List<Landing> Landings { get; } = [];

    public List<Kind> Kinds { get; } = [];

    public List<Step> Steps { get; } = [];

    /// <summary>Weights of the five derivatives, multiplied by the step, one output time after the other.</summary>
    public double[] OutputWeights { get; private set; } = [];

    /// <summary>A length of time: so many times <see cref="Fine"/> and a remainder, and the length of its half (-1: unknown).</summary>
    public readonly record struct Length(ulong Whole, double Remainder, int Half);

    /// <summary>Constant rates of input from a start on, and what is given at once at that start.</summary>
    public sealed record Segment(double Start, double Duration, double[] Rates, (int Input, double Amount)[] Boluses)
    {
        public int FirstStep { get; set; }

        public int StepCount { get; set; }
    }

    /// <summary>A move of the exact part to the next output or switch.</summary>
    public readonly record struct Landing(int Length, int Segment, int Output, bool EntersSegment);

    /// <summary>
    /// A size of step, also as a share of the longest one: its propagators over h, and h/4 for the nodes, its weights, and the
    /// kind of its half (-1: none finer).
    /// </summary>
    public sealed record Kind(double Size, double Share, int Full, int Quarter)
    {
        public int Half { get; set; } = -1;

        // Made when first used: most halves never are. Two threads may both make them, from the same numbers.

        /// <summary>See <see cref="Collocation.Correction"/>.</summary>
        public double[] Correction => field ??= Collocation.Correction(Size);

        /// <summary>See <see cref="Collocation.HalfGuesses"/>.</summary>
        public double[][] HalfGuesses => field ??= Collocation.HalfGuesses(Size);
    }

    /// <summary>One step of the response's mesh, the weights that extrapolate the step before (null: none to trust), and the
    /// outputs that fall into it.</summary>
    public readonly record struct Step(int Kind, double Start, double[]? Predictor, int FirstOutput, int OutputCount, int Sweeps);

    private static List<double> Switches(Schedule schedule)
    {
        var end = schedule.Times.Count == 0 ? 0 : schedule.Times[^1];
        var all = new List<double> { 0 };
        foreach (var dose in schedule.Doses)
        {
            all.Add(dose.Start);
            all.Add(dose.Start + dose.Duration);
        }
        all.Sort();
        var distinct = new List<double>();
        foreach (var time in all.Where(t => t <= end))
        {
            // 0.1 + 0.2 and 0.3 are one moment.
            if (distinct.Count == 0 || time - distinct[^1] > 1e-13 * Math.Max(1, time))
                distinct.Add(time);
        }
        return distinct;
    }

    // The unit divides the shortest segment that is not shorter than a step, so that steps of whole units land on its end.
    private double UnitStep(List<double> switches, double firstStep)
    {
        var shortest = double.PositiveInfinity;
        for (var i = 0; i < switches.Count; i++)
        {
            var length = (i + 1 < switches.Count ? switches[i + 1] : End) - switches[i];
            if (length >= firstStep)
                shortest = Math.Min(shortest, length);
        }
        if (double.IsInfinity(shortest))
            return firstStep;
        var wanted = shortest / firstStep;
        var parts = 1.0;
        while (parts < wanted)
            parts = parts * 1.5 >= wanted && parts >= 2 ? parts * 1.5 : parts * 2;
        return shortest / parts;
    }

    private void BuildSegments(Schedule schedule, List<double> switches, int inputs)
    {
        foreach (var dose in schedule.Doses.Where(d => d.Input >= inputs))
            throw new NumericsException("dose-invalid", "input", $"A dose names input {dose.Input}, but the model has {inputs}: name one of 0 to {inputs - 1}.");
        var rates = new double[switches.Count][];
        var boluses = new List<(int, double)>[switches.Count];
        for (var s = 0; s < switches.Count; s++)
            (rates[s], boluses[s]) = (new double[inputs], []);
        foreach (var dose in schedule.Doses.Where(d => d.Start <= End && d.Amount > 0))
        {
            var first = Nearest(switches, dose.Start);
            var last = dose.Start + dose.Duration > End ? switches.Count : Nearest(switches, dose.Start + dose.Duration);
            if (first == last)
                boluses[first].Add((dose.Input, dose.Amount));
            // By the time between the switches as rounded, so that the amount given is exact however short the infusion.
            var duration = last < switches.Count ? switches[last] - switches[first] : dose.Duration;
            for (var s = first; s < last; s++)
                rates[s][dose.Input] += dose.Amount / duration;
        }
        for (var s = 0; s < switches.Count; s++)
            Segments.Add(new(switches[s], (s + 1 < switches.Count ? switches[s + 1] : End) - switches[s], rates[s], [.. boluses[s]]));
    }

    private static int Nearest(List<double> switches, double time)
    {
        var index = switches.BinarySearch(time);
        if (index >= 0)
            return index;
        index = ~index;
        return index == switches.Count || (index > 0 && time - switches[index - 1] <= switches[index] - time) ? index - 1 : index;
    }

    private void BuildLandings()
    {
        var output = 0;
        for (var s = 0; s < Segments.Count; s++)
        {
            var segment = Segments[s];
            var (end, last) = (segment.Start + segment.Duration, s == Segments.Count - 1);
            var at = segment.Start;
            if (s > 0)
                Landings.Add(new(-1, s, -1, EntersSegment: true));
            while (output < Times.Length && (last || Times[output] < end - (1e-13 * Math.Max(1, end))))
            {
                // An output within rounding of the segment's start is at the start.
                var move = Times[output] - at;
                var length = move <= 1e-13 * Math.Max(1, at) ? -1 : LengthOf(move);
                Landings.Add(new(length, s, output, EntersSegment: false));
                at = length < 0 ? at : Times[output];
                output++;
            }
            if (!last && end > at)
                Landings.Add(new(LengthOf(end - at), s, -1, EntersSegment: false));
        }
    }

    // Graded mesh: once a switch lies tau back, only modes slower than about 1/tau are still alive, so a step can be a
    // fixed fraction of tau. Sizes are powers of two of the unit, 1, 1, 2 and then at most that fraction; the last step lands on
    // the next switch.
    private void BuildSteps(Pace pace)
    {
        if (End / pace.LongestStep > MaximumSteps)
            throw new NumericsException("steps-exhausted", "times", $"The response would take more than {MaximumSteps} steps to time {End}: check the unit of time and the fastest rate, or write the model as a stiff one.");
        var output = 0;
        OutputWeights = new double[Times.Length * Collocation.Nodes];
        while (output < Times.Length && Times[output] <= 0)
            output++;
        foreach (var segment in Segments)
        {
            segment.FirstStep = Steps.Count;
            double at = 0, previous = 0;
            while (segment.Duration - at > 1e-13 * Math.Max(1, segment.Start))
            {
                var left = segment.Duration - at;
                double size;
                var growth = at < 3 * Unit ? 1 : pace.Growth;
                if (growth * at >= pace.LongestStep || Unit >= pace.LongestStep)
                {
                    // From here on equal steps, each as long as it may be.
                    size = left / Math.Ceiling((left / pace.LongestStep) - 1e-9);
                    size = left <= size * 1.0000001 ? left : size;
                }
                else
                {
                    size = Unit;
                    while (2 * size <= Math.Min(pace.LongestStep, growth * at))
                        size *= 2;
                    size = left < size * 1.2 ? left : size;
                }
                output = AddStep(segment.Start + at, size, previous, output);
                previous = size;
                at = size == left ? segment.Duration : at + size;
            }
            segment.StepCount = Steps.Count - segment.FirstStep;
        }
    }

    private int AddStep(double start, double size, double previous, int output)
    {
        var first = output;
        for (; output < Times.Length && Times[output] <= start + size + (1e-13 * Math.Max(1, start)); output++)
        {
            var weights = OutputWeights.AsSpan(output * Collocation.Nodes, Collocation.Nodes);
            Collocation.Weights(Math.Min(1, (Times[output] - start) / size), weights);
            foreach (ref var weight in weights)
                weight *= size;
        }
        var predictor = previous > 0 && size / previous <= 4 ? PredictorOf(size / previous, previous) : null;
        Steps.Add(new(KindOf(size, Halvings), start, predictor, first, output - first, Collocation.Sweeps(size / _longestStep, predictor is not null)));
        return output;
    }

    private double[] PredictorOf(double ratio, double previous)
    {
        var key = (KeyOf(ratio), KeyOf(previous));
        if (!_predictors.TryGetValue(key, out var weights))
            _predictors[key] = weights = Collocation.Scaled(Collocation.Extrapolation(ratio), previous);
        return weights;
    }

    private int KindOf(double size, int halvings)
    {
        var key = KeyOf(size);
        if (!_kindIndex.TryGetValue(key, out var index))
        {
            _kindIndex[key] = index = Kinds.Count;
            var quarter = LengthOf(size / 4);
            Kinds.Add(new(size, size / _longestStep, LengthOf(size, LengthOf(size / 2, quarter)), quarter));
        }
        if (halvings > 0)
            Kinds[index].Half = KindOf(size / 2, halvings - 1);
        return index;
    }

    // Lengths that differ by rounding alone share a propagator: 43 of 53 bits.
    private static long KeyOf(double length) => (BitConverter.DoubleToInt64Bits(length) + 512) >> 10;

    private int LengthOf(double length, int half = -1)
    {
        var units = length / Fine;
        var whole = Math.Floor(units + 1e-7);
        var remainder = length - (whole * Fine);
        if (Math.Abs(remainder) <= 4e-13 * length)
            remainder = 0;
        else if (remainder < 0)
            (whole, remainder) = (whole - 1, remainder + Fine);
        var key = KeyOf(length);
        if (_lengthIndex.TryGetValue(key, out var index))
            return index;
        _lengthIndex[key] = Lengths.Count;
        Lengths.Add(new((ulong)whole, remainder, half));
        return Lengths.Count - 1;
    }
}

/// <summary>How finely a patient's response is stepped before the error control has spoken.</summary>
/// <param name="FirstStep">Step right after a switch.</param>
/// <param name="LongestStep">Longest step.</param>
/// <param name="Growth">Step as a fraction of the time since the last switch.</param>
internal readonly record struct Pace(double FirstStep, double LongestStep, double Growth);
