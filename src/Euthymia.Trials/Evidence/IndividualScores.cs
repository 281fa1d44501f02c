using System.Globalization;
using System.Reflection;
using CsvHelper;

namespace Euthymia.Trials.Evidence;

/// <summary>
/// One visit of one participant of the NIMH ketamine mechanism-of-action study (OpenNeuro ds005917 v1.0.1,
/// doi 10.18112/openneuro.ds005917.v1.0.1, CC0): Evans JW, Nugent AC, Zarate CA 2025.
/// </summary>
/// <param name="After">baseline, ketamine or saline.</param>
/// <param name="TimeHours">Nominal: 60 h for two to three days, 252 h for ten to eleven.</param>
public sealed record IndividualScore(string Participant, string Group, string After, double TimeHours, double? Madrs, double? Hamd6, double? Hamd17)
{
    public static IReadOnlyList<IndividualScore> ReadNimh()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Evidence/nimh-ds005917.csv")
            ?? throw new EvidenceException("evidence-file-missing", "nimh-ds005917.csv is not in this build.");
        using var reader = new StreamReader(stream);
        using var csv = new CsvReader(reader, CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        var scores = new List<IndividualScore>();
        while (csv.Read())
        {
            scores.Add(new IndividualScore(
                csv.GetField("participant")!, csv.GetField("group")!, csv.GetField("after")!, csv.GetField<double>("time_h"),
                csv.GetField<double?>("madrs"), csv.GetField<double?>("hamd6"), csv.GetField<double?>("hamd17")));
        }
        return scores;
    }
}
