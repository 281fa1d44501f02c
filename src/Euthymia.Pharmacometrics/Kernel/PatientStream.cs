using Euthymia.Numerics;
using Euthymia.Numerics.Random;

namespace Euthymia.Pharmacometrics.Kernel;

/// <summary>
/// The numbers that make one virtual patient of a seed after another. Draws 0 to 15 are covariates, from 16 on random effects
/// in the order of the model file. With Sobol the first are coordinates of point i; what has no coordinate of its own (occasions,
/// residual errors) is Philox in either case.
/// </summary>
internal sealed class PatientStream
{
    /// <summary>First draw of the random effects.</summary>
    public const uint FirstEffect = 16;

    /// <summary>First draw of the occasions' effects: [occasion x effects + effect] follow.</summary>
    public const uint FirstOccasion = 1 << 16;

    /// <summary>First draw of residual errors: [observation x times + time] follow.</summary>
    public const uint FirstResidual = 1 << 30;

    /// <summary>Covariate draws in use.</summary>
    public const int CovariateDraws = 4;

    private readonly ulong _seed;
    private readonly Sobol? _sobol;
    private readonly double[] _point;
    private Deviates _philox;

    public PatientStream(ulong seed, Sampling sampling, int effects)
    {
        _seed = seed;
        _sobol = sampling == Sampling.Sobol ? new Sobol(CovariateDraws + effects, seed) : null;
        _point = new double[CovariateDraws + effects];
    }

    /// <summary>Goes to a virtual patient.</summary>
    public void MoveTo(int patient)
    {
        _philox = new Deviates(_seed, (ulong)patient);
        _sobol?.Point((uint)patient, _point);
    }

    /// <summary>A uniform deviate strictly between 0 and 1.</summary>
    public double Uniform(uint draw)
    {
        var coordinate = draw < FirstEffect ? draw : draw - FirstEffect + CovariateDraws;
        return _sobol is not null && coordinate < _point.Length ? _point[coordinate] : _philox.Uniform(draw);
    }

    /// <summary>A standard normal deviate.</summary>
    public double Normal(uint draw) => NormalQuantile.Of(Uniform(draw));
}
