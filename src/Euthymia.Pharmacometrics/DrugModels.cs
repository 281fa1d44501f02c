using System.Text.Json;

namespace Euthymia.Pharmacometrics;

/// <summary>The drug models shipped with the engine, each a data file of this assembly.</summary>
public static class DrugModels
{
    /// <summary>The version of the data file's shape that this engine reads.</summary>
    public const int Format = 1;

    private static readonly Lazy<IReadOnlyList<DrugModel>> Shipped = new(LoadShipped);

    /// <summary>Every shipped model, by id.</summary>
    public static IReadOnlyList<DrugModel> All => Shipped.Value;

    /// <summary>The model to use when none is named.</summary>
    public static DrugModel Default => All.Single(model => model.Default);

    /// <summary>A shipped model by its id.</summary>
    /// <exception cref="InvalidInputException">No such model; the message lists those there are.</exception>
    public static DrugModel Get(string id)
        => All.FirstOrDefault(model => string.Equals(model.Id, id, StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidInputException("model-unknown", "model", $"There is no model \"{id}\". Choose one of: {string.Join(", ", All.Select(model => model.Id))}.");

    /// <summary>The model to use for an order when none is named: the default one if it takes the order's routes and drug, else the first that does.</summary>
    /// <exception cref="InvalidInputException">No shipped model takes all of its doses; field <c>regimen</c>.</exception>
    public static DrugModel For(RegimenOrder order)
        => All.OrderByDescending(model => model.Default).ThenBy(model => model.Drug.Name is not "ketamine").FirstOrDefault(model => order.Parts.All(part =>
                model.Takes(part.Route) && (part.Drug is null || string.Equals(part.Drug, model.Drug.Name, StringComparison.OrdinalIgnoreCase))))
            ?? throw new InvalidInputException("regimen-without-model", "regimen", "No shipped model takes every dose of the regimen. \"euthymia models NAME\" shows which routes each one takes.");

    /// <summary>Reads a model from the text of a data file and checks that its parts fit together.</summary>
    /// <exception cref="InvalidInputException">Not JSON of this shape, another format, or a name that refers to nothing.</exception>
    public static DrugModel Parse(string json)
    {
        DrugModel? model;
        try
        {
            model = JsonSerializer.Deserialize<DrugModel>(json, DataFile.Json);
        }
        catch (JsonException error)
        {
            throw new InvalidInputException("model-not-understood", error.Path ?? "model", $"The model file is not understood: {error.Message}");
        }

        if (model is null || model.Format != Format)
            throw new InvalidInputException("model-format", "format", $"The model file must have \"format\": {Format}.");
        DrugModelCheck.Check(model);
        return model;
    }

    private static DrugModel[] LoadShipped()
        => [.. DataFile.Names("Models").Select(name => Parse(DataFile.Text(name)))];
}
