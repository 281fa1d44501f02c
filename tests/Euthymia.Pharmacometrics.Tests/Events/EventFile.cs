using System.Globalization;
using Euthymia.Pharmacometrics.Events;

namespace Euthymia.Pharmacometrics.Tests.Events;

/// <summary>Event files as text, run with a generic model.</summary>
internal static class EventFile
{
    /// <summary>CP, or other quantities, at every record.</summary>
    public static double[] Run(string text, string model, string parameters, string carry = "", string quantities = "", int threads = 1)
    {
        var table = Read(text);
        var made = GenericModel.Create(model, parameters, table.CovariateNames);
        var carries = carry.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(item => item.Split('='))
            .ToDictionary(pair => pair[0], pair => Enum.Parse<CovariateCarry>(pair[1], ignoreCase: true), StringComparer.Ordinal);
        return EventSimulation.Run(
            table, made, EventSimulation.Quantities(made, quantities.Split(',', StringSplitOptions.RemoveEmptyEntries)), carries, new SimulationControl(threads));
    }

    public static EventTable Read(string text)
    {
        using StringReader reader = new(text);
        return EventTable.Read(reader, "doses.csv");
    }

    /// <summary>A number as an event file and a parameter write it, without loss.</summary>
    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
