namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>
/// What a model predicts for one individual's observations, as a function of random effects that are independent standard
/// normal deviates in the population. Eight points are asked for at once: an estimate with its perturbations, or eight
/// draws of a posterior. One instance serves one thread.
/// </summary>
public abstract class IndividualModel
{
    /// <summary>Points of one call.</summary>
    public const int Lanes = 8;

    /// <summary>Number of random effects.</summary>
    public abstract int EffectCount { get; }

    /// <summary>Number of observations.</summary>
    public abstract int ObservationCount { get; }

    /// <summary>Predicts every observation at eight points.</summary>
    /// <param name="effects">Standard normal deviates, at [effect x 8 + point].</param>
    /// <param name="predictions">Out: at [observation x 8 + point], in the unit that the observation's residual error expects.</param>
    public abstract void Predict(ReadOnlySpan<double> effects, Span<double> predictions);
}
