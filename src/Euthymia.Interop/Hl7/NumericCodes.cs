namespace Euthymia.Interop.Hl7;

/// <summary>The parts of a reading that a monitor can send.</summary>
internal enum Numeric
{
    Systolic,
    Diastolic,
    Mean,
    HeartRate,
    OxygenSaturation,
    RespiratoryRate,
}

/// <summary>
/// The numerics of IHE PCD-01 that are understood, by their ISO/IEEE 11073-10101 code, and the units in which they are
/// accepted (MDC and UCUM). Everything else is either left aside (another code) or refused (another unit).
/// </summary>
internal static class NumericCodes
{
    /// <summary>Code to numeric; the lower rank wins when a message carries several sources of a rate.</summary>
    private static readonly Dictionary<string, (Numeric Numeric, int Rank)> Codes = new(StringComparer.Ordinal)
    {
        ["150021"] = (Numeric.Systolic, 0), // MDC_PRESS_BLD_NONINV_SYS
        ["150022"] = (Numeric.Diastolic, 0), // MDC_PRESS_BLD_NONINV_DIA
        ["150023"] = (Numeric.Mean, 0), // MDC_PRESS_BLD_NONINV_MEAN
        ["147842"] = (Numeric.HeartRate, 0), // MDC_ECG_HEART_RATE
        ["149530"] = (Numeric.HeartRate, 1), // MDC_PULS_OXIM_PULS_RATE
        ["149546"] = (Numeric.HeartRate, 2), // MDC_PULS_RATE_NON_INV
        ["150456"] = (Numeric.OxygenSaturation, 0), // MDC_PULS_OXIM_SAT_O2
        ["151562"] = (Numeric.RespiratoryRate, 0), // MDC_RESP_RATE
        ["151578"] = (Numeric.RespiratoryRate, 1), // MDC_TTHOR_RESP_RATE
    };

    /// <summary>mmHg per kPa: 1 mmHg is 133.322387415 Pa (UCUM, m[Hg]).</summary>
    private const decimal MmHgPerKilopascal = 1000m / 133.322387415m;

    public static bool TryFind(string code, out Numeric numeric, out int rank)
    {
        var found = Codes.TryGetValue(code, out var entry);
        (numeric, rank) = entry;
        return found;
    }

    /// <summary>What one unit of <paramref name="unit"/> is in the unit of <paramref name="numeric"/>; null when it is not understood.</summary>
    public static decimal? Factor(Numeric numeric, string unit) => (numeric, unit) switch
    {
        (Numeric.Systolic or Numeric.Diastolic or Numeric.Mean, "266016" or "mm[Hg]") => 1, // MDC_DIM_MMHG
        (Numeric.Systolic or Numeric.Diastolic or Numeric.Mean, "kPa") => MmHgPerKilopascal,
        (Numeric.HeartRate, "264864" or "{beat}/min" or "{beats}/min" or "/min") => 1, // MDC_DIM_BEAT_PER_MIN
        (Numeric.RespiratoryRate, "264928" or "{breath}/min" or "{breaths}/min" or "{resp}/min" or "/min") => 1, // MDC_DIM_RESP_PER_MIN
        (Numeric.OxygenSaturation, "262688" or "%") => 1, // MDC_DIM_PERCENT
        _ => null,
    };
}
