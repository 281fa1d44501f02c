namespace Euthymia.Pharmacometrics.Events;

/// <summary>A dose and the further ones (ADDL) that follow it, as they arrive: after bioavailability and lag.</summary>
/// <param name="Compartment">Index from zero.</param>
/// <param name="Amount">That arrives with each.</param>
/// <param name="Duration">Of each infusion; zero for a bolus.</param>
/// <param name="First">When the first arrives.</param>
/// <param name="Interval">Between arrivals.</param>
/// <param name="Additional">How many follow the first.</param>
internal sealed record DoseSeries(int Compartment, double Amount, double Duration, double First, double Interval, int Additional);

/// <summary>
/// Takes one subject through its records. Between records stand the events that doses set off: arrivals after a lag,
/// further doses, ends of infusions. At one time those come before the record.
/// </summary>
internal sealed class EventSolver(EventModel model, EventTable table, CancellationToken cancellation)
{
    // Times made by adding intervals differ from written ones by rounding, relative to the largest time of the subject.
    private const double RelativeRounding = 1e-14;
    private const int End = -1;

    private readonly Compartments _body = new(model, table.CovariateNames.Count);
    private readonly PriorityQueue<Pending, double> _pending = new();
    private double _rounding;

    /// <summary>A dose of a series that arrives, or the end of an infusion of it.</summary>
    private readonly record struct Pending(DoseSeries Series, int Number, double Rate);

    /// <summary>Writes each quantity of each of the subject's records, row by row.</summary>
    public void Solve(Range subject, CovariateCourse course, IReadOnlyList<EventQuantity> quantities, Span<double> output)
    {
        var (offset, length) = subject.GetOffsetAndLength(table.Records.Count);
        _body.Begin(course);
        _rounding = RelativeRounding * course.LargestTime;
        Reset(table.Records[offset].Time);
        for (var i = 0; i < length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var record = table.Records[offset + i];
            if (record.IsReset)
                Reset(record.Time);
            else
                AdvanceTo(record.Time, i);
            var parameters = _body.ParametersAt(i);
            if (record.IsDose)
                Give(record, parameters);
            for (var quantity = 0; quantity < quantities.Count; quantity++)
            {
                var value = _body.Amounts[quantities[quantity].Compartment] * model.Scale(parameters, quantities[quantity]);
                if (!double.IsFinite(value))
                    throw Fail(record, "TIME", "result-not-finite", $"{quantities[quantity].Name} is too large to be computed: look at the doses and parameters");
                // Rounding may leave a little less than nothing.
                output[i * quantities.Count + quantity] = Math.Max(value, 0);
            }
        }
    }

    private void Reset(double time)
    {
        _body.Empty(time);
        _pending.Clear();
    }

    private void AdvanceTo(double time, int next)
    {
        while (_pending.TryPeek(out _, out var due) && due <= time + _rounding)
        {
            cancellation.ThrowIfCancellationRequested();
            var (series, number, rate) = _pending.Dequeue();
            var at = Math.Min(due, time);
            _body.Advance(at, next);
            if (number == End)
                _body.Stop(series.Compartment, rate, due - at);
            else
                Arrive(series, number, at);
        }

        _body.Advance(time, next);
    }

    /// <summary>Gives a record's doses. F, ALAG, R and D are those of this record, for its further doses too.</summary>
    private void Give(EventRecord record, ReadOnlySpan<double> parameters)
    {
        var compartment = record.Compartment == 0 ? model.DefaultCompartment : record.Compartment - 1;
        if (compartment >= model.CompartmentCount)
            throw Fail(record, "CMT", "compartment-unknown", $"the model has {model.CompartmentCount} compartments");
        var modifiers = model.Modifiers(parameters, compartment);
        var amount = record.Amount * modifiers.Bioavailability;
        var doses = new DoseSeries(
            compartment, amount, DurationOf(record, amount, modifiers), record.Time + modifiers.Lag, record.Interval, record.Additional);
        if (record.SteadyState > 0)
            ReachSteadyState(record, doses, modifiers);
        if (amount > 0)
            ArriveOrWait(doses);
    }

    private double DurationOf(EventRecord record, double amount, DoseModifiers modifiers) => record.Rate switch
    {
        > 0 => amount / record.Rate,
        -1 => amount / Needed(record, modifiers.Rate, "R"),
        -2 => Needed(record, modifiers.Duration, "D"),
        _ => record.Duration,
    };

    private double Needed(EventRecord record, double value, string name)
        => value > 0
            ? value
            : throw Fail(record, "RATE", "rate-parameter-missing", $"RATE {record.Rate} needs the model's {name} of that compartment above zero: give it with --parameters");

    private void ReachSteadyState(EventRecord record, DoseSeries doses, DoseModifiers modifiers)
    {
        if (record.SteadyState == 1)
            Reset(record.Time);
        if ((modifiers.Lag + doses.Duration) > SteadyState.MostOverlapping * record.Interval && !record.IsConstantInfusion)
            throw Fail(record, "II", "steady-state-overlap", $"more than {SteadyState.MostOverlapping:N0} doses would be under way at once: give a longer interval");
        Span<double> state = stackalloc double[model.CompartmentCount];
        bool reached;
        if (record.IsConstantInfusion)
        {
            state.Clear();
            // Bioavailability and lag play no part: it has run for ever and ends now.
            state[doses.Compartment] = record.Rate > 0 ? record.Rate : Needed(record, modifiers.Rate, "R");
            reached = _body.Propagator.ConstantState(state);
        }
        else
        {
            reached = SteadyState.OfDoses(_body.Propagator, doses, record.Interval, modifiers.Lag, state);
        }

        if (!reached)
            throw Fail(record, "SS", "steady-state-none", "there is no steady state, because next to nothing leaves the body: give a clearance above zero");
        for (var i = 0; i < state.Length; i++)
            _body.Amounts[i] += state[i];
        if (doses.Amount > 0)
            ContinueEarlierDoses(doses, record.Interval, modifiers.Lag);
    }

    /// <summary>Doses before this one that have not arrived by now, or are still running.</summary>
    private void ContinueEarlierDoses(DoseSeries doses, double interval, double lag)
    {
        var (rest, intervals) = SteadyState.Split(lag, interval);
        for (var back = 1; (back - 1) * interval < lag + doses.Duration; back++)
        {
            var arrival = rest + (intervals - back) * interval;
            var earlier = doses with { First = _body.Now + arrival, Additional = 0 };
            if (arrival >= 0)
                ArriveOrWait(earlier);
            else if (arrival + doses.Duration > 1e-12 * interval)
                Run(earlier, doses.Amount / doses.Duration, earlier.First + doses.Duration);
        }
    }

    private void ArriveOrWait(DoseSeries doses)
    {
        if (doses.First <= _body.Now)
            Arrive(doses, 0, _body.Now);
        else
            _pending.Enqueue(new Pending(doses, 0, 0), doses.First);
    }

    private void Arrive(DoseSeries doses, int number, double time)
    {
        // The rate is of the duration as times can express it, so that all of the amount goes in; where they cannot, or the
        // rate is past computing, it is a bolus.
        var end = time + doses.Duration;
        var rate = doses.Amount / (end - time);
        if (rate < 1e100)
            Run(doses, rate, end);
        else
            _body.Amounts[doses.Compartment] += doses.Amount;
        if (number < doses.Additional)
            _pending.Enqueue(new Pending(doses, number + 1, 0), doses.First + (number + 1) * doses.Interval);
    }

    private void Run(DoseSeries doses, double rate, double end)
    {
        _body.Start(doses.Compartment, rate);
        _pending.Enqueue(new Pending(doses, End, rate), end);
    }

    private InvalidInputException Fail(EventRecord record, string column, string code, string problem)
        => EventTable.Error(table.Name, record.Line, column, code, problem);
}
