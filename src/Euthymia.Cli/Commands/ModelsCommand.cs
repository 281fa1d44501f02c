using System.CommandLine;
using System.Globalization;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Events;
using Spectre.Console;

namespace Euthymia.Cli.Commands;

/// <summary><c>euthymia models</c>: which models there are, or one with its parameters, sources and limits.</summary>
internal static class ModelsCommand
{
    private const string Help =
        """
        Lists the models, or shows one with its parameters, their sources and status, and its limits.

        Examples:
          euthymia models
          euthymia models ketamine
        """;

    public static Command Create(TextWriter output)
    {
        Argument<string?> name = new("name") { Description = "A model to show.", Arity = ArgumentArity.ZeroOrOne };
        Command command = new("models", Help) { name };
        command.SetAction(parsed =>
        {
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
            if (Console.IsOutputRedirected || !ReferenceEquals(output, Console.Out))
                console.Profile.Width = 140;
            if (parsed.GetValue(name) is { } wanted)
                Show(console, DrugModels.Get(wanted));
            else
                List(console);
        });
        return command;
    }

    private static void List(IAnsiConsole console)
    {
        var table = NewTable("Model", "What it is", "Population");
        foreach (var model in DrugModels.All)
            table.AddRow(new Text(model.Default ? $"{model.Id} (default)" : model.Id), new Text(model.Name), new Text(model.Population));
        console.Write(table);
        console.WriteLine("Populations: " + string.Join("; ", Population.All.Select(population =>
            $"{population.Distributions!.Id}, {population.Description} ({population.Distributions.Status.ToString().ToLowerInvariant()})")));
        console.WriteLine($"With --events also the generic linear models {string.Join(", ", GenericModel.Names)}.");
    }

    private static void Show(IAnsiConsole console, DrugModel model)
    {
        console.WriteLine($"{model.Name} ({model.Id} {model.Version})");
        console.WriteLine(model.Description);
        console.WriteLine($"Population: {model.Population}");
        var table = NewTable("Parameter", "Value", "Between patients", "What it is", "Source", "Status");
        foreach (var parameter in model.Parameters)
            table.AddRow(
                new Text(parameter.Name),
                new Text(Value(parameter, model)),
                new Text(Variability(parameter, model)),
                new Text(parameter.Note is { } note ? $"{parameter.Description}. {note}" : parameter.Description),
                new Text(parameter.Citation),
                new Text(parameter.Status.ToString().ToLowerInvariant()));
        console.Write(table);
        console.WriteLine("Compartments (CMT): " + string.Join(", ", model.Compartments.Select((compartment, i) => $"{i + 1} {compartment.Name}")));
        console.WriteLine("Gives: " + string.Join("; ", model.Observations.Select(observation => $"{observation.Name}, {observation.Label}, ng/mL")));
        console.WriteLine("Routes: " + string.Join("; ", RouteLines(model)));
        if (model.EffectSite is { } site)
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Effect site: half-time {site.HalfLifeMinutes} min to the {site.Compartment} compartment ({site.Citation}, {site.Status.ToString().ToLowerInvariant()}). {site.Note}"));
        ShowCovariates(console, model);
        console.WriteLine("Limits:");
        foreach (var limit in model.Limits)
            console.WriteLine($"  - {limit}");
        console.WriteLine("Sources:");
        foreach (var (key, citation) in model.Citations)
            console.WriteLine($"  {key}: {citation.Text}{(citation.Doi is { } doi ? $" DOI {doi}" : "")}");
    }

    private static IEnumerable<string> RouteLines(DrugModel model)
        => ["infusion and bolus into a vein", .. (model.Routes ?? []).Select(route => $"{route.Route.ToString().ToLowerInvariant()} ({route.Note})")];

    private static void ShowCovariates(IAnsiConsole console, DrugModel model)
    {
        var effects = CovariateModel.Effects.Where(effect => effect.Models.Contains(model.Id, StringComparer.Ordinal)).ToArray();
        if (effects.Length > 0)
        {
            var table = NewTable("Covariate", "Value", "What it does", "Source", "Status");
            foreach (var effect in effects)
                table.AddRow(
                    new Text(effect.Routes is { } routes ? $"{effect.Covariate}, {string.Join(" or ", routes.Select(route => route.ToString().ToLowerInvariant()))}" : effect.Covariate),
                    new Text(effect.Value),
                    new Text($"{Factors(effect)} {effect.Note}"),
                    new Text(effect.Citation),
                    new Text(effect.Status.ToString().ToLowerInvariant()));
            console.Write(table);
        }

        foreach (var parameter in model.Parameters)
            if (parameter.Age is { } age)
                console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Age: {parameter.Name} changes by {age.PerYear} {parameter.Unit} for each year from {age.FromYears} to {age.ToYears}."));
        foreach (var statement in CovariateModel.Statements.Where(statement => statement.Models.Contains(model.Id, StringComparer.Ordinal)))
            console.WriteLine(statement.Text);
    }

    private static string Factors(CovariateEffect effect)
        => effect.Factors.Count == 0
            ? "Typical value kept, variability widened."
            : string.Join(", ", effect.Factors.Select(factor => string.Create(CultureInfo.InvariantCulture, $"{factor.Parameter} x {factor.Factor}"))) + ".";

    private static string Value(Parameter parameter, DrugModel model)
    {
        var scaling = parameter.WeightExponent == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" x (kg/{model.ReferenceWeightKg})^{parameter.WeightExponent}");
        return string.Create(CultureInfo.InvariantCulture, $"{parameter.Value} {(parameter.Unit is "1" ? "" : parameter.Unit)}{scaling}");
    }

    private static string Variability(Parameter parameter, DrugModel model)
        => model.RandomEffects.FirstOrDefault(effect => string.Equals(effect.Name, parameter.RandomEffect, StringComparison.Ordinal)) is { } effect
            ? string.Create(CultureInfo.InvariantCulture, $"CV {effect.Cv * 100:0} %")
            : "";

    private static Table NewTable(params string[] headings)
    {
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        foreach (var heading in headings)
            table.AddColumn(heading);
        return table;
    }
}
