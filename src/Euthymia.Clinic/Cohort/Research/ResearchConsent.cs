using System.Security.Cryptography;

namespace Euthymia.Clinic;

/// <summary>
/// A patient's consent that de-identified data leave the clinic for research, apart from consent to treatment. Who withdrew is in no later
/// export. The secrets by which the patient's rows are disguised are here and nowhere else.
/// </summary>
public sealed class ResearchConsent
{
    /// <summary>Longest shift of dates, days, either way.</summary>
    public const int LongestShift = 364;

    public Guid PatientId { get; init; }

    /// <summary>The day on which the patient consented.</summary>
    public DateOnly GivenOn { get; set; }

    /// <summary>The day on which the patient withdrew; null while the consent holds.</summary>
    public DateOnly? WithdrawnOn { get; set; }

    public DateTimeOffset RecordedAt { get; set; }

    public string RecordedByName { get; set; } = "";

    /// <summary>Added to every date of this patient in an export. Drawn anew with each consent; never shown.</summary>
    public int ShiftDays { get; set; }

    /// <summary>What stands for the patient in exports; drawn at random, so that it says nothing about order or number.</summary>
    public string ResearchId { get; set; } = "";

    /// <summary>
    /// The wave with which the patient entered the exports; null while waiting. A wave has at least <see cref="SmallCells.Least"/> patients,
    /// so that two exports that follow each other never differ by a few new people.
    /// </summary>
    public int? Wave { get; set; }

    public bool Holds => WithdrawnOn is null;

    /// <summary>Draws new secrets: what was exported before cannot be joined by them to what is exported later.</summary>
    internal void DrawSecrets()
    {
        var days = RandomNumberGenerator.GetInt32(2 * LongestShift);
        ShiftDays = days < LongestShift ? days - LongestShift : days - LongestShift + 1; // never 0
        ResearchId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        Wave = null;
    }
}
