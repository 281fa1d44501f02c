namespace Euthymia.Pharmacometrics;

/// <summary>Where the random numbers of virtual patients come from.</summary>
public enum Sampling
{
    /// <summary>Independent numbers (Philox 4x32-10).</summary>
    Philox,

    /// <summary>
    /// Points that fill the space evenly (Sobol, scrambled after Owen by the seed): percentiles settle with fewer patients. Virtual
    /// patient i is point i.
    /// </summary>
    Sobol,
}

/// <summary>What varies beside the patients themselves.</summary>
/// <param name="Sampling">Philox or Sobol.</param>
/// <param name="OccasionCv">
/// CV, as a fraction, by which every random effect differs between a patient's occasions (one from each start of a dose to the next); 0
/// for none. No published value is shipped: it is the user's assumption.
/// </param>
/// <param name="Residual">Whether concentrations carry the model's residual error, as measured ones would.</param>
public sealed record Variability(Sampling Sampling = Sampling.Philox, double OccasionCv = 0, bool Residual = false)
{
    internal void Check()
    {
        if (OccasionCv is not (>= 0 and <= 2))
            throw new InvalidInputException("iov-out-of-range", "iov", "The variability between occasions must be from 0 to 200 %.");
    }
}
