namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>Equally weighted draws from the posterior of a patient's random effects, and how good they are.</summary>
public sealed class IndividualPosterior
{
    private readonly double[] _draws;

    internal IndividualPosterior(double[] draws, int count, int effects, double effectiveSampleSize, double paretoShape, int drawn, int rounds, int moves)
        => (_draws, Count, EffectCount, EffectiveSampleSize, ParetoShape, Drawn, Rounds, Moves) = (draws, count, effects, effectiveSampleSize, paretoShape, drawn, rounds, moves);

    /// <summary>Number of draws.</summary>
    public int Count { get; }

    /// <summary>Number of random effects.</summary>
    public int EffectCount { get; }

    /// <summary>Independent draws that the weighted ones were worth (Kish), before any moves.</summary>
    public double EffectiveSampleSize { get; }

    /// <summary>Shape of the tail of the weights: below 0.5 good, above 0.7 the weights alone are not to be trusted.</summary>
    public double ParetoShape { get; }

    /// <summary>Weighted draws of the last round.</summary>
    public int Drawn { get; }

    /// <summary>Rounds taken: more than one when the first was worth too little.</summary>
    public int Rounds { get; }

    /// <summary>Markov moves of each draw after importance sampling: zero when the weights were good.</summary>
    public int Moves { get; }

    /// <summary>One draw: standard normal deviates in the population.</summary>
    /// <param name="draw">From 0.</param>
    public ReadOnlySpan<double> this[int draw] => _draws.AsSpan(draw * EffectCount, EffectCount);
}

/// <summary>What is known of one random effect.</summary>
/// <param name="Effect">Which.</param>
/// <param name="Deviate">Maximum a posteriori estimate as a standard normal deviate.</param>
/// <param name="StandardError">Of the deviate, from the curvature; 1 when the data say nothing.</param>
/// <param name="Estimate">The parameter itself.</param>
/// <param name="Posterior">Its 5th, 50th and 95th percentile.</param>
public sealed record EffectEstimate(IndividualEffect Effect, double Deviate, double StandardError, double Estimate, Spread Posterior);

/// <summary>An observation beside its prediction.</summary>
/// <param name="Observation">As used.</param>
/// <param name="Predicted">At the estimate, in the observation's unit (a CADSS total for a level).</param>
/// <param name="StandardisedResidual">In standard deviations of the residual error.</param>
/// <param name="Remark">Why it was set aside, for a person; null when it was used.</param>
public sealed record ExplainedObservation(PatientObservation Observation, double Predicted, double StandardisedResidual, string? Remark)
{
    /// <summary>Whether the model explains it; if not, it was set aside.</summary>
    public bool IsExplained => Remark is null;
}

/// <summary>How much work an estimate may be.</summary>
/// <param name="Draws">Posterior draws returned, 100 to 20,000.</param>
/// <param name="Starts">Starting points of the search; more than one guards against local optima.</param>
/// <param name="Seed">Of the sampling; the same seed gives the same draws.</param>
/// <param name="Threads">At most this many at once; null for one per core. It never changes a result.</param>
public sealed record IndividualOptions(int Draws = 1000, int Starts = 6, ulong Seed = 1, int? Threads = null)
{
    internal void Check()
    {
        if (Draws is < 100 or > 20_000)
            throw new InvalidInputException("draws-out-of-range", "draws", "The number of posterior draws must be from 100 to 20,000.");
        if (Starts is < 1 or > 100)
            throw new InvalidInputException("starts-out-of-range", "starts", "The number of starting points must be from 1 to 100.");
        if (Threads is < 1 or > 1024)
            throw new InvalidInputException("threads-out-of-range", "threads", "The number of threads must be from 1 to 1024.");
    }
}

/// <summary>
/// A patient's own model: a pure function of the models' versions and the patient's data. It is not stored but computed
/// anew.
/// </summary>
public sealed class IndividualEstimate
{
    internal IndividualEstimate(
        IndividualContext context, double objective, int iterations, bool converged, int modes,
        IReadOnlyList<EffectEstimate> effects, IReadOnlyList<ExplainedObservation> observations, IndividualPosterior posterior, string basis)
    {
        (Context, Objective, Iterations, Converged, Modes) = (context, objective, iterations, converged, modes);
        (Effects, Observations, Posterior, Basis) = (effects, observations, posterior, basis);
        Range = ModelRange.Of(context.Record);
    }

    /// <summary>Sum of -2 ln L without constants plus the squared effects, at the estimate.</summary>
    public double Objective { get; }

    /// <summary>Evaluations of the model with derivatives, of the best start.</summary>
    public int Iterations { get; }

    /// <summary>Whether the search ended at a maximum.</summary>
    public bool Converged { get; }

    /// <summary>Distinct maxima that the starts found and that matter.</summary>
    public int Modes { get; }

    /// <summary>Each random effect.</summary>
    public IReadOnlyList<EffectEstimate> Effects { get; }

    /// <summary>Each observation that could be used, with those set aside.</summary>
    public IReadOnlyList<ExplainedObservation> Observations { get; }

    /// <summary>Draws of the posterior.</summary>
    public IndividualPosterior Posterior { get; }

    /// <summary>What was left out or merged, and why.</summary>
    public IReadOnlyList<string> Notes => Context.Notes;

    /// <summary>Models with their versions and the data it rests on, in one sentence.</summary>
    public string Basis { get; }

    /// <summary>Where the patient lies outside the models.</summary>
    public IReadOnlyList<RangeFinding> Range { get; }

    /// <summary>The patient's data.</summary>
    public PatientRecord Record => Context.Record;

    internal IndividualContext Context { get; }
}
