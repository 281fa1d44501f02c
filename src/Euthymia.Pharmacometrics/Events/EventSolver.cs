using Euthymia.Pharmacometrics.Kernel;

namespace Euthymia.Pharmacometrics.Events;

/// <summary>
/// Takes one subject through its records: state carried exactly from event to event. Between records stand the events
/// that records set off: arrivals after a lag, ends of infusions, further doses. At one time those come before the record.
/// </summary>
internal sealed class EventSolver
{
    private const int LinearSteps = 64;

    private readonly EventModel _model;
    private readonly EventTable _table;
    private readonly LinearPropagator _propagator;
    private readonly PriorityQueue<Pending, (double Time, long Order)> _pending = new();
    private readonly double[] _amounts;
    private readonly double[] _rates;
    private readonly int[] _running;
    private readonly double[] _covariates;
    private readonly double[] _parameters;
    private readonly double[] _used;
    private readonly double[] _matrix;
    private readonly double[] _secondMatrix;
    private CovariateCourse _course;
    private double _now;
    private int _next;
    private long _order;

    public EventSolver(EventModel model, EventTable table)
    {
        (_model, _table) = (model, table);
        var n = model.CompartmentCount;
        _propagator = new LinearPropagator(model.Structure);
        _amounts = new double[n];
        _rates = new double[n];
        _running = new int[n];
        _covariates = new double[table.CovariateNames.Count];
        _parameters = new double[model.ParameterCount];
        _used = new double[model.ParameterCount];
        _matrix = new double[n * n];
        _secondMatrix = new double[n * n];
        _course = null!;
    }

    /// <summary>What a record sets off later.</summary>
    private readonly record struct Pending(PendingKind Kind, int Compartment, double Amount, double Duration, EventRecord? Source, int Repeat);

    private enum PendingKind
    {
        /// <summary>A further dose leaves the syringe (ADDL).</summary>
        Dose,

        /// <summary>A bolus, or the start of an infusion, arrives after its lag.</summary>
        Arrival,

        /// <summary>An infusion ends; its amount is its rate.</summary>
        End,
    }

    /// <summary>Writes each quantity of each of the subject's records, row by row.</summary>
    public void Solve(Range subject, CovariateCourse course, IReadOnlyList<EventQuantity> quantities, Span<double> output)
    {
        var (offset, length) = subject.GetOffsetAndLength(_table.Records.Count);
        _course = course;
        _used.AsSpan().Fill(double.NaN);
        Reset(_table.Records[offset].Time);
        for (var i = 0; i < length; i++)
        {
            var record = _table.Records[offset + i];
            _next = i;
            if (record.IsReset)
                Reset(record.Time);
            else
                AdvanceWithPending(record.Time);
            _course.OfRecord(i, _covariates);
            if (record.IsDose)
                Give(record, record.Time, repeat: 0);
            _course.OfRecord(i, _covariates);
            _model.Parameters(_covariates, _parameters);
            for (var quantity = 0; quantity < quantities.Count; quantity++)
            {
                var value = _amounts[quantities[quantity].Compartment] * _model.Scale(_parameters, quantities[quantity]);
                output[i * quantities.Count + quantity] = Math.Max(value, 0);
            }
        }
    }

    private void Reset(double time)
    {
        _amounts.AsSpan().Clear();
        _rates.AsSpan().Clear();
        _running.AsSpan().Clear();
        _pending.Clear();
        _now = time;
    }

    private void AdvanceWithPending(double time)
    {
        // Times made by adding intervals differ from written ones by rounding: such events belong to the record's time.
        var latest = time + 1e-12 * (1 + Math.Abs(time));
        while (_pending.TryPeek(out _, out var due) && due.Time <= latest)
        {
            var pending = _pending.Dequeue();
            Advance(Math.Min(due.Time, time));
            Process(pending, due.Time);
        }

        Advance(time);
    }

    private void Process(Pending pending, double time)
    {
        switch (pending.Kind)
        {
            case PendingKind.Dose:
                _course.At(time, _next, _covariates);
                Give(pending.Source!, time, pending.Repeat);
                break;
            case PendingKind.Arrival when pending.Duration > 0:
                StartInfusion(pending.Compartment, pending.Amount / pending.Duration, time + pending.Duration);
                break;
            case PendingKind.Arrival:
                _amounts[pending.Compartment] += pending.Amount;
                break;
            default:
                _running[pending.Compartment]--;
                // The last infusion to stop leaves exactly nothing running.
                _rates[pending.Compartment] = _running[pending.Compartment] == 0 ? 0 : _rates[pending.Compartment] - pending.Amount;
                break;
        }
    }

    /// <summary>Gives a dose at a time, with the modifiers of the covariates now in force.</summary>
    private void Give(EventRecord record, double time, int repeat)
    {
        var compartment = record.Compartment == 0 ? _model.DefaultCompartment : record.Compartment - 1;
        if (compartment >= _model.CompartmentCount)
            throw Fail(record, "CMT", "compartment-unknown", $"the model has {_model.CompartmentCount} compartments");
        _model.Parameters(_covariates, _parameters);
        var modifiers = _model.Modifiers(_parameters, compartment);
        var amount = record.Amount * modifiers.Bioavailability;
        var duration = DurationOf(record, amount, modifiers);

        if (repeat == 0 && record.SteadyState > 0)
            ReachSteadyState(record, compartment, amount, duration, modifiers.Lag);
        if (record.Amount > 0 && amount > 0)
            Schedule(time + modifiers.Lag, new Pending(PendingKind.Arrival, compartment, amount, duration, null, 0));
        if (repeat < record.Additional)
            Schedule(record.Time + (repeat + 1) * record.Interval, new Pending(PendingKind.Dose, compartment, 0, 0, record, repeat + 1));
        // What arrives without lag is there at its own record.
        while (_pending.TryPeek(out var next, out var due) && due.Time <= time && next.Kind == PendingKind.Arrival)
            Process(_pending.Dequeue(), time);
    }

    private double DurationOf(EventRecord record, double amount, DoseModifiers modifiers)
    {
        if (record.Rate > 0)
            return amount / record.Rate;
        if (record.Rate == 0)
            return record.Duration;
        var value = record.Rate == -1 ? modifiers.Rate : modifiers.Duration;
        if (!(value > 0))
            throw Fail(record, "RATE", "rate-parameter-missing", $"RATE {record.Rate} needs the model's {(record.Rate == -1 ? "R" : "D")} of that compartment above zero: give it with --parameters");
        return record.Rate == -1 ? amount / value : value;
    }

    /// <summary>
    /// The state as if doses had been given every interval for ever, at this record's time, before its own dose. Over the
    /// interval that ends now the dose arrives once, its lag modulo the interval after the interval's start, and infusions
    /// longer than the interval overlap. What is still on its way or running goes on.
    /// </summary>
    private void ReachSteadyState(EventRecord record, int compartment, double amount, double duration, double lag)
    {
        if (record.SteadyState == 1)
            Reset(_now);
        _model.RateMatrix(_parameters, _matrix);
        _propagator.Use(_matrix);
        _used.AsSpan().Fill(double.NaN);
        Span<double> state = stackalloc double[_amounts.Length];
        Span<double> rates = stackalloc double[_amounts.Length];
        state.Clear();
        rates.Clear();
        bool reached;
        if (record.Amount == 0)
        {
            state[compartment] = record.Rate;
            reached = _propagator.ConstantState(state);
        }
        else
        {
            GainOfInterval(record.Interval, compartment, amount, duration, lag, state, rates);
            reached = _propagator.PeriodicState(state, record.Interval);
        }

        if (!reached)
            throw Fail(record, "SS", "steady-state-none", "there is no steady state, because nothing leaves the body: give a clearance above zero");
        for (var i = 0; i < _amounts.Length; i++)
            _amounts[i] += state[i];
        if (record.Amount > 0 && amount > 0)
            ContinueEarlierDoses(record.Interval, compartment, amount, duration, lag);
    }

    private void GainOfInterval(double interval, int compartment, double amount, double duration, double lag, Span<double> state, Span<double> rates)
    {
        var (arrival, _) = Phase(lag, interval);
        if (duration == 0)
        {
            state[compartment] = amount;
            _propagator.Advance(state, rates, interval - arrival);
            return;
        }

        // So many infusions always run; one more from the arrival on, for the rest of the duration.
        var rate = amount / duration;
        var always = Math.Floor(duration / interval);
        var rest = duration - always * interval;
        var end = arrival + rest;
        Span<(double From, double To, double Count)> pieces = end <= interval
            ? [(0, arrival, always), (arrival, end, always + 1), (end, interval, always)]
            : [(0, end - interval, always + 1), (end - interval, arrival, always), (arrival, interval, always + 1)];
        foreach (var (from, to, count) in pieces)
        {
            rates[compartment] = rate * count;
            _propagator.Advance(state, rates, to - from);
        }
    }

    /// <summary>Doses before this one that have not arrived by now, or are still running.</summary>
    private void ContinueEarlierDoses(double interval, int compartment, double amount, double duration, double lag)
    {
        var (phase, intervals) = Phase(lag, interval);
        for (var back = 1; (back - 1) * interval < lag + duration; back++)
        {
            var arrival = phase + (intervals - back) * interval;
            if (arrival >= 0)
                Schedule(_now + arrival, new Pending(PendingKind.Arrival, compartment, amount, duration, null, 0));
            else if (arrival + duration > 1e-12 * interval)
                StartInfusion(compartment, amount / duration, _now + arrival + duration);
        }
    }

    /// <summary>A lag as whole intervals and a rest; a rest that is an interval but for rounding is none.</summary>
    private static (double Remainder, double Intervals) Phase(double lag, double interval)
    {
        var rest = lag % interval;
        if (interval - rest < 1e-12 * interval)
            rest = 0;
        return (rest, Math.Round((lag - rest) / interval));
    }

    private void StartInfusion(int compartment, double rate, double end)
    {
        _rates[compartment] += rate;
        _running[compartment]++;
        Schedule(end, new Pending(PendingKind.End, compartment, rate, 0, null, 0));
    }

    private void Schedule(double time, Pending pending) => _pending.Enqueue(pending, (time, _order++));

    /// <summary>Moves to a time within the interval that ends at the next record.</summary>
    private void Advance(double to)
    {
        if (to <= _now)
            return;
        if (_course.IsLinear)
            AdvanceAlongLines(to);
        else
        {
            _course.At(to, _next, _covariates);
            UseParameters();
            _propagator.Advance(_amounts, _rates, to - _now);
        }

        _now = to;
    }

    private void UseParameters()
    {
        _model.Parameters(_covariates, _parameters);
        if (_parameters.AsSpan().SequenceEqual(_used))
            return;
        _parameters.CopyTo(_used, 0);
        _model.RateMatrix(_parameters, _matrix);
        _propagator.Use(_matrix);
    }

    /// <summary>
    /// Parameters that move along straight lines: commutator-free Magnus steps of order 4, each of two exponentials.
    /// Source: Blanes and Moan, Applied Numerical Mathematics 56 (2006) 1519-1537.
    /// </summary>
    private void AdvanceAlongLines(double to)
    {
        var (node, small, large) = (Math.Sqrt(3) / 6, 0.5 - Math.Sqrt(3) / 3, 0.5 + Math.Sqrt(3) / 3);
        var step = (to - _now) / LinearSteps;
        for (var i = 0; i < LinearSteps; i++)
        {
            var middle = _now + (i + 0.5) * step;
            MatrixAt(middle - node * step, _matrix);
            MatrixAt(middle + node * step, _secondMatrix);
            AdvanceMixed(large, small, step / 2);
            AdvanceMixed(small, large, step / 2);
        }

        _used.AsSpan().Fill(double.NaN);
    }

    private void AdvanceMixed(double first, double second, double step)
    {
        Span<double> mixed = stackalloc double[_matrix.Length];
        for (var i = 0; i < mixed.Length; i++)
            mixed[i] = first * _matrix[i] + second * _secondMatrix[i];
        _propagator.Use(mixed);
        _propagator.Advance(_amounts, _rates, step);
    }

    private void MatrixAt(double time, double[] matrix)
    {
        _course.At(time, _next, _covariates);
        _model.Parameters(_covariates, _parameters);
        _model.RateMatrix(_parameters, matrix);
    }

    private InvalidInputException Fail(EventRecord record, string column, string code, string problem)
        => EventTable.Error(_table.Name, record.Line, column, code, problem);
}
