using Euthymia.Numerics.Lanes;
using Euthymia.Numerics.Random;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>Sessions to come, and the times at which the score is wanted.</summary>
/// <param name="StartHours">Start of each session from the start of the course, ascending.</param>
/// <param name="Patterns">What is given in each.</param>
internal sealed record FutureCourse(double[] StartHours, SessionPattern[] Patterns);

/// <summary>What happens to each draw of a posterior in one course.</summary>
/// <param name="Logits">Logit of the expected score at [time x draws + draw].</param>
/// <param name="Baselines">Baseline MADRS of each draw.</param>
/// <param name="Systolic">Highest systolic pressure over the sessions to come, mmHg.</param>
/// <param name="Cadss">Highest CADSS total over them.</param>
/// <param name="Cmax">Highest concentration over them, ng/mL.</param>
internal sealed record CourseOutcome(double[] Logits, double[] Baselines, double[] Systolic, double[] Cadss, double[] Cmax);

/// <summary>
/// Simulates courses on a patient's posterior. Draw i meets the same deviates of its future infusions and visits in every
/// course (common random numbers), so that a difference between courses is theirs and not chance's.
/// </summary>
internal sealed class CourseSimulation
{
    private const int Lanes = IndividualModel.Lanes;
    private const ulong FutureSeed = 0x5EED0F0F0F0F0F0F;
    private const double ElasticityStep = 0.15;

    private readonly IndividualEstimate _estimate;
    private readonly double _nowHours;
    private readonly double[] _timesHours;
    private readonly int _threads;

    /// <summary>Prepares simulations from one moment on.</summary>
    /// <param name="estimate">The patient.</param>
    /// <param name="nowHours">What was given before counts, and no session to come starts before it.</param>
    /// <param name="timesHours">Ascending, from now on.</param>
    /// <param name="threads">At most this many at once.</param>
    public CourseSimulation(IndividualEstimate estimate, double nowHours, double[] timesHours, int threads)
        => (_estimate, _nowHours, _timesHours, _threads) = (estimate, nowHours, timesHours, threads);

    /// <summary>Number of draws.</summary>
    public int Draws => _estimate.Posterior.Count;

    /// <summary>The deviate of a visit of a draw: its difference from the expected score in standard deviations.</summary>
    public static double VisitDeviate(int draw, int time) => new Deviates(FutureSeed, (ulong)draw).Normal(100_000 + (uint)time);

    /// <summary>The deviates of a session of a draw, counted from the first to come: exposure and pressor.</summary>
    public static (double Exposure, double Pressor) SessionDeviates(int draw, int session)
    {
        var deviates = new Deviates(FutureSeed, (ulong)draw);
        return (deviates.Normal(2 * (uint)session), deviates.Normal(2 * (uint)session + 1));
    }

    /// <summary>Simulates each course on every draw.</summary>
    public CourseOutcome[] Run(IReadOnlyList<FutureCourse> courses, CancellationToken cancellation)
    {
        var draws = Draws;
        CourseOutcome[] outcomes = [.. courses.Select(_ => new CourseOutcome(new double[_timesHours.Length * draws], new double[draws], new double[draws], new double[draws], new double[draws]))];
        Parallel.For(
            0, (draws + Lanes - 1) / Lanes,
            new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellation },
            () => new KetamineIndividual(_estimate.Context),
            (group, _, model) =>
            {
                RunGroup(group, model, courses, outcomes);
                return model;
            },
            _ => { });
        return outcomes;
    }

    private void RunGroup(int group, KetamineIndividual model, IReadOnlyList<FutureCourse> courses, CourseOutcome[] outcomes)
    {
        var effects = Points(group);
        model.Patient.Set(effects);
        var now = model.WalkTo(_nowHours, effects);
        var exposures = new Dictionary<SessionPattern, (LaneExposure Exposure, Lanes8 Elasticity)>();
        var sessions = courses.Max(course => course.StartHours.Length);
        var (exposure, pressor) = (new Lanes8[sessions], new Lanes8[sessions]);
        for (var session = 0; session < sessions; session++)
            (exposure[session], pressor[session]) = Deviates(group, session);
        for (var c = 0; c < courses.Count; c++)
            RunCourse(group, model.Patient, now, courses[c], outcomes[c], exposures, exposure, pressor);
    }

    private void RunCourse(
        int group, LanePatient patient, MoodWalk walk, FutureCourse course, CourseOutcome outcome,
        Dictionary<SessionPattern, (LaneExposure Exposure, Lanes8 Elasticity)> exposures, Lanes8[] exposureDeviates, Lanes8[] pressorDeviates)
    {
        var context = _estimate.Context;
        Lanes8 systolic = patient.BaseSystolic, cadss = patient.DissociationBackground, cmax = 0.0;
        var session = 0;
        for (var t = 0; t < _timesHours.Length; t++)
        {
            for (; session < course.StartHours.Length && course.StartHours[session] < _timesHours[t]; session++)
            {
                walk.To(course.StartHours[session], patient);
                var (exposure, elasticity) = Exposure(course.Patterns[session], patient, exposures);
                var shift = exposureDeviates[session] * context.Layout.OccasionExposureSd;
                var multiplier = Lanes8.Exp(shift);
                var peak = exposure.PeakEffect * multiplier;
                cmax = Lanes8.Max(cmax, exposure.PeakPlasma * multiplier);
                cadss = Lanes8.Max(cadss, patient.Cadss(peak, walk.Sessions + 1));
                var rise = patient.RiseSystolic + pressorDeviates[session] * KetamineIndividual.SessionSd(context, isSystolic: true);
                systolic = Lanes8.Max(systolic, patient.BaseSystolic + rise * peak / context.Response["reference_peak"]);
                walk.Session(patient.Pulse(exposure.OccupancyHours * Lanes8.Exp(elasticity * shift)), context.Response["benefit_tolerance"], patient);
            }

            walk.To(_timesHours[t], patient);
            Store(walk.Logit(patient), outcome.Logits.AsSpan(t * Draws), group);
        }

        Store(patient.BaselineMadrs, outcome.Baselines, group);
        Store(systolic, outcome.Systolic, group);
        Store(cadss, outcome.Cadss, group);
        Store(cmax, outcome.Cmax, group);
    }

    // Occupancy saturates, so it grows by a power below one of all concentrations: taken over the spread between infusions.
    private (LaneExposure Exposure, Lanes8 Elasticity) Exposure(SessionPattern pattern, LanePatient patient, Dictionary<SessionPattern, (LaneExposure, Lanes8)> known)
    {
        if (known.TryGetValue(pattern, out var exposure))
            return exposure;
        var potency = _estimate.Context.Potency;
        var typical = pattern.Expose(patient.Kinetics, 1.0, potency);
        var more = pattern.Expose(patient.Kinetics, Math.Exp(ElasticityStep), potency);
        return known[pattern] = (typical, Lanes8.Log(more.OccupancyHours / typical.OccupancyHours) / ElasticityStep);
    }

    /// <summary>The effects of a group of eight draws, at [effect x 8 + lane]; a last, short group repeats its last draw.</summary>
    public double[] Points(int group)
    {
        var posterior = _estimate.Posterior;
        var effects = new double[posterior.EffectCount * Lanes];
        for (var lane = 0; lane < Lanes; lane++)
        {
            var draw = posterior[Math.Min(group * Lanes + lane, posterior.Count - 1)];
            for (var k = 0; k < draw.Length; k++)
                effects[k * Lanes + lane] = draw[k];
        }

        return effects;
    }

    /// <summary>Session deviates of a group of eight draws.</summary>
    public (Lanes8 Exposure, Lanes8 Pressor) Deviates(int group, int session)
    {
        Span<double> exposure = stackalloc double[Lanes];
        Span<double> pressor = stackalloc double[Lanes];
        for (var lane = 0; lane < Lanes; lane++)
            (exposure[lane], pressor[lane]) = SessionDeviates(Math.Min(group * Lanes + lane, Draws - 1), session);
        return (System.Runtime.InteropServices.MemoryMarshal.Cast<double, Lanes8>(exposure)[0], System.Runtime.InteropServices.MemoryMarshal.Cast<double, Lanes8>(pressor)[0]);
    }

    private void Store(Lanes8 value, Span<double> target, int group)
    {
        for (var lane = 0; lane < Lanes && group * Lanes + lane < Draws; lane++)
            target[group * Lanes + lane] = value[lane];
    }
}
