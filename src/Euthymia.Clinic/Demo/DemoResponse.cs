using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic.Demo;

/// <summary>
/// The response rule of the demo, invented to give charts something to draw; it is no model of treatment. Each infusion leaves the
/// share 1 - effect x (dose as given / 0.5 mg/kg) of the symptoms that are there; between infusions they return toward the baseline with a
/// half-life of 20 days. The PHQ-9 total is baseline x share with normal noise (SD 1.3), spread over the items.
/// </summary>
internal sealed class DemoResponse(DemoPatient patient, Deviates deviates)
{
    private const double ReturnHalfLifeDays = 20;
    private const double NoiseSd = 1.3;
    private const double ReferenceDose = 0.5;

    private double _share = 1;
    private DateTimeOffset? _since;
    private uint _draw;

    public void Infused(DateTimeOffset at, MilligramsPerKilogram dose)
    {
        MoveTo(at);
        _share *= 1 - Math.Min(0.9, patient.Effect * (double)dose.Value / ReferenceDose);
    }

    /// <summary>Answers to the nine items; item 9 is what the caller says, since it opens findings.</summary>
    public IReadOnlyList<int?> Answers(DateTimeOffset at, int item9)
    {
        MoveTo(at);
        var total = (int)Math.Round((patient.Baseline * _share) + (NoiseSd * deviates.Normal(_draw++)));
        var left = Math.Clamp(total, item9, 24 + item9) - item9;
        var items = new int?[9];
        Array.Fill(items, 0);
        items[8] = item9;
        while (left > 0)
        {
            var item = (int)(deviates.Uniform(_draw++) * 8);
            if (items[item] == 3)
                continue;
            items[item]++;
            left--;
        }

        return items;
    }

    private void MoveTo(DateTimeOffset at)
    {
        if (_since is { } since && at > since)
            _share = 1 - ((1 - _share) * Math.Pow(2, -(at - since).TotalDays / ReturnHalfLifeDays));
        _since = at;
    }
}
