namespace Euthymia.Pharmacometrics.Kernel;

/// <summary>
/// The steps that every patient of a simulation takes: from each switch of rate or wanted time to the next. Distinct step
/// lengths are listed once, so that a patient's exponentials are computed once for each.
/// The rate over a step is RatePerKg x weight + RateFixed, in mg/h.
/// </summary>
internal sealed class Schedule
{
    private Schedule(double[] lengths, Step[] steps)
    {
        Lengths = lengths;
        Steps = steps;
    }

    /// <summary>Distinct step lengths in h.</summary>
    public double[] Lengths { get; }

    public Step[] Steps { get; }

    /// <summary>One step; <paramref name="Length"/> -1 moves no time; <paramref name="Output"/> -1 records nothing at its end.</summary>
    public readonly record struct Step(int Length, double RatePerKg, double RateFixed, int Output);

    /// <summary>A constant rate from one time to another, in h.</summary>
    public readonly record struct Input(double Start, double End, double RatePerKg, double RateFixed);

    public static Schedule Of(IReadOnlyList<Input> inputs, IReadOnlyList<double> timesHours)
    {
        var outputs = Enumerable.Range(0, timesHours.Count).OrderBy(i => timesHours[i]).ToArray();
        var lastTime = outputs.Length == 0 ? 0 : timesHours[outputs[^1]];
        var switches = inputs.SelectMany(input => new[] { (Time: input.Start, Sign: 1, Input: input), (Time: input.End, Sign: -1, Input: input) })
            .Where(change => change.Time <= lastTime)
            .OrderBy(change => change.Time)
            .ToArray();
        // Differences of times carry rounding of a few units in the last place; lengths closer than that are one length.
        var lengths = new LengthTable(4 * Math.BitIncrement(lastTime) - 4 * lastTime);

        List<Step> steps = [];
        var (now, perKg, fixedRate, active, next) = (0.0, 0.0, 0.0, 0, 0);
        foreach (var output in outputs)
        {
            // A switch exactly at a wanted time comes after it: the value "at the end of an infusion" has the pump running.
            while (next < switches.Length && switches[next].Time < timesHours[output])
            {
                var change = switches[next++];
                Advance(change.Time, -1);
                active += change.Sign;
                perKg = active == 0 ? 0 : perKg + change.Sign * change.Input.RatePerKg;
                fixedRate = active == 0 ? 0 : fixedRate + change.Sign * change.Input.RateFixed;
            }

            Advance(timesHours[output], output);
        }

        return new Schedule(lengths.ToArray(), [.. steps]);

        void Advance(double to, int output)
        {
            if (to > now || output >= 0)
                steps.Add(new Step(to > now ? lengths.IndexOf(to - now) : -1, perKg, fixedRate, output));
            now = to;
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
