using System.Globalization;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

/// <summary>
/// Catches weights that cannot be and questions those that look like pounds entered as kilograms, the classic 2.2-fold dose error.
/// Limits of the question: a ratio to the last weight of 1.9 to 2.5 or 0.40 to 0.53 brackets 2.2046 and its inverse with room for
/// a real change; BMI under 14 or over 60 kg/m2 is rare in adults. They are design values (status: assumed).
/// </summary>
internal static class WeightPlausibility
{
    public const decimal Minimum = 25;
    public const decimal Maximum = 350;
    public const int MaximumDecimals = 2;
    public const string LooksLikePounds = "weight_looks_like_pounds";
    public const string UnusualForHeight = "weight_unusual_for_height";

    private const decimal KilogramsPerPound = 0.45359237m; // exact by definition (international pound, 1959)

    public static void Check(FieldErrors errors, decimal kilograms, WeightMeasurement? last, decimal? heightCentimetres, IReadOnlySet<string> confirmed)
    {
        if (kilograms is < Minimum or > Maximum)
        {
            errors.Add("weight", "weight_range", $"{Text(kilograms)} kg is not a plausible weight. Enter kilograms between {Minimum} and {Maximum}.");
            return;
        }

        if (decimal.Round(kilograms, MaximumDecimals) != kilograms)
            errors.Add("weight", "weight_decimals", $"Enter the weight with at most {MaximumDecimals} decimals.");

        if (last is not null)
        {
            var ratio = kilograms / last.Weight.Value;
            if (ratio is (>= 1.9m and <= 2.5m) or (>= 0.40m and <= 0.53m))
                errors.Ask("weight", LooksLikePounds, PoundsQuestion(kilograms, last), confirmed);
        }

        if (heightCentimetres is { } height)
        {
            var bmi = kilograms / (height / 100) / (height / 100);
            if (bmi is < 14 or > 60)
                errors.Ask("weight", UnusualForHeight, $"{BothUnits(kilograms)} at {Text(height)} cm is a body mass index of {Text(decimal.Round(bmi, 1))}. Is the weight in kilograms and the height in centimetres?", confirmed);
        }
    }

    private static string PoundsQuestion(decimal kilograms, WeightMeasurement last) =>
        $"{BothUnits(kilograms)} was entered, but the last weight was {BothUnits(last.Weight.Value)} on {last.MeasuredOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}. Pounds and kilograms may have been mixed up. Is it really {Text(kilograms)} kg?";

    private static string BothUnits(decimal kilograms) => $"{Text(kilograms)} kg ({Text(decimal.Round(kilograms / KilogramsPerPound))} lb)";

    private static string Text(decimal value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
