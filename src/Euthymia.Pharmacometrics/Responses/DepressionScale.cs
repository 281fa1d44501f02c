namespace Euthymia.Pharmacometrics.Responses;

/// <summary>
/// A depression scale and its crosswalk from the MADRS: score = slope x MADRS, with the slope's uncertainty and the scatter
/// of single patients about it.
/// </summary>
/// <param name="Name">Short name.</param>
/// <param name="Maximum">Highest score.</param>
/// <param name="Slope">Points per MADRS point.</param>
/// <param name="SlopeCv">Uncertainty of the slope as a fraction of it.</param>
/// <param name="ScatterSd">Scatter of a patient's score about the crosswalk, points.</param>
/// <param name="RemissionAtMost">Usual remission cut-off.</param>
/// <param name="Source">Where the slope comes from.</param>
/// <param name="Status">verified, secondary, derived or assumed.</param>
public sealed record DepressionScale(string Name, double Maximum, double Slope, double SlopeCv, double ScatterSd, double RemissionAtMost, string Source, string Status)
{
    private const string Nimh = "129 paired scores of OpenNeuro ds005917 (doi 10.18112/openneuro.ds005917.v1.0.1), regression through the origin";
    private const string Rush = "equated scores of Rush 2003 and Trivedi 2004 (ids-qids.org), taken at HAM-D17 25, through the HAM-D17 slope";

    /// <summary>Montgomery-Asberg Depression Rating Scale.</summary>
    public static DepressionScale Madrs { get; } = new("MADRS", 60, 1, 0, 0, 10, "the model's own scale", "verified");

    /// <summary>
    /// The one question on mood of a check-in, counted from the good end: 10 less the answer. Its points per MADRS point differ widely
    /// between people, so the slope is uncertain and each patient's own is learned. Not a scale of trials, so not among <see cref="All"/>.
    /// </summary>
    public static DepressionScale CheckInMood { get; } =
        new("CHECK-IN mood", 10, 0.2, 0.3, 1.5, 2, "taken so that 45 points of MADRS are 9 points of low mood; slope, its spread and the scatter are judgements", "assumed");

    /// <summary>Every scale of trials that the models can speak.</summary>
    public static IReadOnlyList<DepressionScale> All { get; } =
    [
        Madrs,
        new("HAM-D17", 52, 0.637, 0.05, 2.7, 7, Nimh, "derived"),
        new("HAM-D6", 22, 0.380, 0.06, 1.6, 4, Nimh, "derived"),
        new("HAM-D21", 64, 0.713, 0.08, 3.0, 9, Rush, "derived"),
        new("HAM-D24", 75, 0.866, 0.08, 3.7, 10, Rush, "derived"),
        new("HAM-D25", 76, 0.880, 0.12, 4.0, 10, "taken as the 24-item version with one item more", "assumed"),
        new("IDS", 84, 1.22, 0.08, 5.5, 13, Rush, "derived"),
        new("QIDS", 27, 0.62, 0.08, 3.0, 5, "thresholds equated by Liu 2013 (QIDS-SR 6, 11, 16, 21 to MADRS 9, 18, 25, 34)", "derived"),
        new("PHQ-9", 27, 0.58, 0.12, 3.6, 4, "taken as close to QIDS, another self-report of the same nine criteria", "assumed"),
        new("BDI", 63, 0.95, 0.15, 7.0, 9, "proportion of typical severities", "assumed"),
    ];

    private static readonly (string Token, string Scale)[] Tokens =
    [
        ("MADRS", "MADRS"), ("QIDS", "QIDS"), ("IDS", "IDS"), ("PHQ9", "PHQ-9"), ("PHQ", "PHQ-9"), ("BDI", "BDI"),
        .. new[] { "HAMD", "HDRS", "HRSD" }.SelectMany(name => new[]
        {
            (name, "HAM-D17"), (name + "17", "HAM-D17"), (name + "6", "HAM-D6"),
            (name + "21", "HAM-D21"), (name + "24", "HAM-D24"), (name + "25", "HAM-D25"),
        }),
    ];

    /// <summary>The first scale that a text names, or null. A Hamilton scale has 17 items unless the text says otherwise.</summary>
    /// <param name="text">Such as "HDRS-24 24.9" or "QIDS-SR16".</param>
    public static DepressionScale? Named(string text)
    {
        var key = new string([.. text.ToUpperInvariant().Where(char.IsLetterOrDigit)]);
        var named = Tokens
            .Select(token => (At: key.IndexOf(token.Token, StringComparison.Ordinal), token.Token, token.Scale))
            .Where(token => token.At >= 0)
            .OrderBy(token => token.At).ThenByDescending(token => token.Token.Length)
            .FirstOrDefault();
        return named.Scale is null ? null : All.Single(scale => string.Equals(scale.Name, named.Scale, StringComparison.Ordinal));
    }
}
