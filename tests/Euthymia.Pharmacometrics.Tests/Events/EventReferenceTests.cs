using System.Text.Json;
using Euthymia.Pharmacometrics.Events;

namespace Euthymia.Pharmacometrics.Tests.Events;

/// <summary>
/// Against an independent program in 34-digit decimal arithmetic (Python), whose results stand in event-references.json:
/// every dose is written out as single inputs, a steady state as as many earlier doses as leave less than 1e-17 behind, and
/// the amounts go from start to end of every input by a Taylor series of exp(K t), scaled and squared. 162 files mix ways to
/// dose (bolus, RATE, DUR, RATE -1 and -2), SS 0 to 2, F, lags below, beyond and at whole intervals, infusions shorter and
/// longer than the interval, compartments, ADDL, resets and reset doses that fall among pending ones, and observations
/// before and after a dose at its own time.
/// </summary>
public sealed class EventReferenceTests
{
    private static readonly Case[] Cases = Read();

    public static IEnumerable<TheoryDataRow<int>> Indices => Enumerable.Range(0, Cases.Length).Select(i => new TheoryDataRow<int>(i));

    [Theory]
    [MemberData(nameof(Indices))]
    public void Concentrations_agree_to_ten_digits(int index)
    {
        var reference = Cases[index];
        var values = EventFile.Run(string.Join('\n', reference.Events), reference.Model, reference.Parameters);
        var largest = reference.Cp.Max();

        Assert.Equal(reference.Cp.Length, values.Length);
        for (var i = 0; i < values.Length; i++)
            Assert.True(
                Math.Abs(values[i] - reference.Cp[i]) <= 1e-10 * Math.Max(reference.Cp[i], 1e-3 * largest),
                $"{reference.Model} {reference.Parameters}\n{string.Join('\n', reference.Events)}\nrecord {i}: {values[i]:R} is not {reference.Cp[i]:R}");
    }

    private static Case[] Read()
    {
        using var stream = typeof(EventReferenceTests).Assembly.GetManifestResourceStream("event-references.json")!;
        return JsonSerializer.Deserialize<Case[]>(stream, JsonSerializerOptions.Web)!;
    }

    private sealed record Case(string Model, string Parameters, string[] Events, double[] Cp);
}
