using Euthymia.Cli.Output;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Events;

namespace Euthymia.Cli.Commands;

/// <summary><c>euthymia simulate --events</c>: NONMEM-style records in, one row per record out.</summary>
internal static class EventsRun
{
    /// <summary>What was asked for, as text.</summary>
    public sealed record Request(
        FileInfo Events,
        string Model,
        string? Parameters,
        decimal? Weight,
        string? Quantities,
        string? Carry,
        FileInfo? Out,
        int? Threads,
        int? Patients,
        ulong Seed,
        Sampling Sampling,
        bool Json);

    public static void Run(Request request, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        var table = ReadTable(request.Events);
        var model = ModelOf(request, table);
        var quantities = EventSimulation.Quantities(model, Names(request.Quantities));
        var carries = Carries(request.Carry);
        var values = Simulate(request, table, model, quantities, carries, errors, cancellation);
        string[] columns = [.. quantities.Select(quantity => quantity.Name)];
        if (request.Json)
            ResultTable.WriteJson(output, table, columns, values, request.Patients);
        if (!request.Json || request.Out is not null)
            ResultTable.Write(request.Out, output, table, columns, values, request.Patients);
        if (request.Out is { } file)
            errors.WriteLine($"Wrote {file.FullName}");
    }

    private static double[] Simulate(
        Request request, EventTable table, EventModel model, IReadOnlyList<EventQuantity> quantities, Dictionary<string, CovariateCarry> carries,
        TextWriter errors, CancellationToken cancellation)
    {
        if (request.Patients is not { } replicates)
            return Progress.Run(errors, table.Subjects.Count, "subjects", done => EventSimulation.Run(
                table, model, quantities, carries, new SimulationControl(request.Threads, done, cancellation)));
        if (model is not DrugEventModel drug)
            throw new InvalidInputException("patients-without-variability", "patients", "A generic model has no variability between patients: leave --patients out, or choose a drug model.");
        return Progress.Run(errors, (long)replicates * table.Subjects.Count, "patients", done => EventReplicates.Run(
            table, drug, quantities, carries, replicates, request.Seed, request.Sampling, new SimulationControl(request.Threads, done, cancellation)));
    }

    private static EventTable ReadTable(FileInfo file)
    {
        if (!file.Exists)
            throw new InvalidInputException("events-missing", "events", $"There is no file \"{file.FullName}\".");
        using var reader = file.OpenText();
        return EventTable.Read(reader, file.Name);
    }

    private static EventModel ModelOf(Request request, EventTable table)
    {
        if (GenericModel.Names.FirstOrDefault(name => string.Equals(name, request.Model, StringComparison.OrdinalIgnoreCase)) is { } generic)
        {
            if (request.Weight is not null)
                throw new InvalidInputException("weight-not-taken", "weight", "A generic model takes no weight: write the parameters for it, or over a column such as WT.");
            return GenericModel.Create(generic, request.Parameters ?? "", table.CovariateNames);
        }

        var drug = DrugModels.All.FirstOrDefault(model => string.Equals(model.Id, request.Model, StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidInputException("model-unknown", "model", $"There is no model \"{request.Model}\". Choose one of: {string.Join(", ", DrugModels.All.Select(model => model.Id).Concat(GenericModel.Names))}.");
        if (request.Parameters is not null)
            throw new InvalidInputException("parameters-not-taken", "parameters", $"Only generic models take parameters: choose --model {string.Join(", ", GenericModel.Names)}.");
        return DrugEventModel.Create(
            drug,
            request.Weight is { } weight ? new Kilograms(weight) : null,
            table.CovariateNames);
    }

    private static string[] Names(string? list)
        => list is null ? [] : list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static Dictionary<string, CovariateCarry> Carries(string? text)
    {
        var carries = new Dictionary<string, CovariateCarry>(StringComparer.Ordinal);
        foreach (var item in Names(text))
        {
            var parts = item.Split('=', StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || !Enum.TryParse<CovariateCarry>(parts[1], ignoreCase: true, out var carry) || !Enum.IsDefined(carry))
                throw new InvalidInputException("carry-not-understood", "carry", $"\"{item}\" is not understood. Write WT=forward, backward or linear.");
            carries[parts[0].ToUpperInvariant()] = carry;
        }

        return carries;
    }
}
