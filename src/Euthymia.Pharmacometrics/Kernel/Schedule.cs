namespace Euthymia.Pharmacometrics.Kernel;

/// <summary>
/// The steps that every patient of a simulation takes: from each switch of rate, dose at once or wanted time to the next.
/// Distinct step lengths are listed once, so that a patient's exponentials are computed once for each.
/// </summary>
internal sealed class Schedule
{
    private Schedule(double[] lengths, Step[] steps, int[] targets, Amount[] rates, Amount[] boluses)
        => (Lengths, Steps, Targets, Rates, Boluses) = (lengths, steps, targets, rates, boluses);

    /// <summary>Distinct step lengths in h.</summary>
    public double[] Lengths { get; }

    public Step[] Steps { get; }

    /// <summary>The compartments that anything goes into; <see cref="Input.Infusions"/> for where infusions go.</summary>
    public int[] Targets { get; }

    /// <summary>Rates in mg/h at [<see cref="Step.Rates"/> x targets + target].</summary>
    public Amount[] Rates { get; }

    /// <summary>Amounts in mg at [<see cref="Step.Bolus"/> x targets + target].</summary>
    public Amount[] Boluses { get; }

    /// <summary>
    /// One step, at the rates of row <paramref name="Rates"/>; <paramref name="Length"/> -1 moves no time; <paramref name="Output"/> -1
    /// records nothing at its end; <paramref name="Bolus"/> -1 gives nothing at its end. It starts occasion <paramref name="Occasion"/>.
    /// </summary>
    public readonly record struct Step(int Length, int Rates, int Output, int Bolus, int Occasion);

    /// <summary>PerKg x weight + Fixed.</summary>
    public readonly record struct Amount(double PerKg, double Fixed)
    {
        public double For(double weightKg) => PerKg * weightKg + Fixed;
    }

    /// <summary>A constant rate from one time to another, in h; or, when they are equal, an amount at once.</summary>
    public readonly record struct Input(double Start, double End, double PerKg, double Fixed, int Compartment = Input.Infusions)
    {
        /// <summary>The compartment that the model infuses into.</summary>
        public const int Infusions = -1;

        public bool AtOnce => End <= Start;
    }

    public static Schedule Of(IReadOnlyList<Input> inputs, IReadOnlyList<double> timesHours)
        => new Builder(inputs, timesHours).Build(timesHours);

    private readonly record struct Change(double Time, int Sign, Input Input);

    private sealed class Builder
    {
        private readonly Change[] _changes;
        private readonly int[] _outputs;
        private readonly int[] _targets;
        private readonly LengthTable _lengths;
        private readonly List<Step> _steps = [];
        private readonly List<Amount> _rates = [];
        private readonly List<Amount> _boluses = [];
        private readonly Amount[] _current;
        private readonly int[] _active;
        private readonly double[] _starts;
        private double _now;

        public Builder(IReadOnlyList<Input> inputs, IReadOnlyList<double> timesHours)
        {
            _outputs = [.. Enumerable.Range(0, timesHours.Count).OrderBy(i => timesHours[i])];
            var lastTime = _outputs.Length == 0 ? 0 : timesHours[_outputs[^1]];
            _targets = inputs.Count == 0 ? [Input.Infusions] : [.. inputs.Select(input => input.Compartment).Distinct()];
            _changes = [.. inputs.SelectMany(input => input.AtOnce ? (Change[])[new Change(input.Start, 0, input)] : [new Change(input.Start, 1, input), new Change(input.End, -1, input)])
                .Where(change => change.Time <= lastTime)
                .OrderBy(change => change.Time)];
            // Differences of times carry rounding of a few units in the last place; lengths closer than that are one length.
            _lengths = new LengthTable(4 * Math.BitIncrement(lastTime) - 4 * lastTime);
            _current = new Amount[_targets.Length];
            _active = new int[_targets.Length];
            _rates.AddRange(_current);
            _starts = [.. inputs.Select(input => input.Start).Distinct().Order()];
        }

        public Schedule Build(IReadOnlyList<double> timesHours)
        {
            var next = 0;
            foreach (var output in _outputs)
            {
                // A change exactly at a wanted time comes after it: the value "at the end of an infusion" has the pump running.
                while (next < _changes.Length && _changes[next].Time < timesHours[output])
                    Apply(_changes[next++]);
                Advance(timesHours[output], output, -1);
            }

            return new Schedule(_lengths.ToArray(), [.. _steps], _targets, [.. _rates], [.. _boluses]);
        }

        private void Apply(Change change)
        {
            var target = Array.IndexOf(_targets, change.Input.Compartment);
            if (change.Sign == 0)
            {
                var row = _boluses.Count / _targets.Length;
                for (var i = 0; i < _targets.Length; i++)
                    _boluses.Add(i == target ? new Amount(change.Input.PerKg, change.Input.Fixed) : default);
                Advance(change.Time, -1, row);
                return;
            }

            Advance(change.Time, -1, -1);
            _active[target] += change.Sign;
            _current[target] = _active[target] == 0
                ? default
                : new Amount(_current[target].PerKg + change.Sign * change.Input.PerKg, _current[target].Fixed + change.Sign * change.Input.Fixed);
            _rates.AddRange(_current);
        }

        private void Advance(double to, int output, int bolus)
        {
            if (to > _now || output >= 0 || bolus >= 0)
                _steps.Add(new Step(to > _now ? _lengths.IndexOf(to - _now) : -1, _rates.Count / _targets.Length - 1, output, bolus, Occasion(_now)));
            _now = to;
        }

        // Occasions count the distinct starts of doses up to a time; what is before the first belongs to it.
        private int Occasion(double time)
        {
            var index = Array.BinarySearch(_starts, time);
            return Math.Max(index >= 0 ? index : ~index - 1, 0);
        }
    }

    private sealed class LengthTable(double tolerance)
    {
        private readonly SortedList<double, int> _known = [];

        public int IndexOf(double length)
        {
            var keys = _known.Keys;
            var (low, high) = (0, keys.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (keys[middle] < length - tolerance)
                    low = middle + 1;
                else
                    high = middle;
            }

            if (low < keys.Count && keys[low] <= length + tolerance)
                return _known.Values[low];
            _known.Add(length, _known.Count);
            return _known.Count - 1;
        }

        public double[] ToArray()
        {
            var lengths = new double[_known.Count];
            foreach (var (length, index) in _known)
                lengths[index] = length;
            return lengths;
        }
    }
}
