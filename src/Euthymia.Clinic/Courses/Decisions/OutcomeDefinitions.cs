using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic.Courses.Decisions;

/// <summary>A named number of a definition: a parameter of the rule book, so that a clinic's change holds here too, or a value with its own source.</summary>
/// <param name="Rule">The rule that has it; null for a value of its own.</param>
/// <param name="Parameter">Its name in that rule.</param>
/// <param name="Value">The value where no rule has it.</param>
/// <param name="Source">Where the value comes from.</param>
/// <param name="Status">How well that is supported.</param>
/// <param name="Below">True when the score must be below the number, false when it may equal it.</param>
/// <param name="Above">For a relapse: points above the best score that are needed, too.</param>
/// <param name="Apart">For a relapse: days between two readings, where two in a row are not enough.</param>
public sealed record Cut(string? Rule = null, string? Parameter = null, decimal? Value = null, string? Source = null, string? Status = null, bool Below = false, Cut? Above = null, Cut? Apart = null)
{
    /// <summary>The number that holds in this clinic.</summary>
    public decimal In(RuleSettings settings) => Rule is { } rule ? settings.Value(RuleBook.Get(rule), Parameter!) : Value!.Value;

    /// <summary>Source and status, for a page.</summary>
    public string Basis => Rule is { } rule ? $"{rule}: {RuleBook.Get(rule).Source} ({EvidenceWords.Of(RuleBook.Get(rule).Status)})" : $"{Source} ({Status})";
}

/// <summary>What remission and relapse mean on one scale.</summary>
/// <param name="Id">The instrument.</param>
/// <param name="RuleScale">The scale as the rules of a course know it.</param>
/// <param name="Clinician">Rated by a clinician rather than by the patient.</param>
/// <param name="Remission">At most, or below, this total.</param>
/// <param name="Relapse">At least this total on two readings.</param>
public sealed record ScaleDefinition(string Id, DepressionScale RuleScale, bool Clinician, Cut Remission, Cut Relapse);

/// <summary>A published figure for a decision after so many infusions.</summary>
/// <param name="After">Infusions given; a decision after more shows the last one's.</param>
/// <param name="Rule">The rule of the book that carries it.</param>
/// <param name="Event">What was counted.</param>
/// <param name="Figure">As published, in words.</param>
/// <param name="Percent">The figure as a number, where it is a share.</param>
public sealed record PublishedFigure(int After, string Rule, string Event, string Figure, decimal? Percent = null)
{
    /// <summary>Where it was read, and how well it is supported.</summary>
    public string Basis => $"{RuleBook.Get(Rule).Source} ({EvidenceWords.Of(RuleBook.Get(Rule).Status)}; rule {Rule})";
}

/// <summary>What counts as response, partial response, remission and relapse, and what is published for each decision: one data file.</summary>
public sealed record OutcomeDefinitions(int Version, Cut PartialResponse, Cut Response, IReadOnlyList<ScaleDefinition> Scales, IReadOnlyList<PublishedFigure> Published)
{
    /// <summary>As shipped.</summary>
    public static OutcomeDefinitions Current { get; } = Read();

    /// <summary>The definition of a scale, or null where none is given here.</summary>
    public ScaleDefinition? Of(string instrumentId) => Scales.FirstOrDefault(scale => string.Equals(scale.Id, instrumentId, StringComparison.Ordinal));

    /// <summary>The figures for a decision after so many infusions: those of the last moment that has any.</summary>
    public IReadOnlyList<PublishedFigure> PublishedAfter(int infusions)
    {
        var moment = Published.Where(figure => figure.After <= infusions).Select(figure => figure.After).DefaultIfEmpty(Published.Min(figure => figure.After)).Max();
        return [.. Published.Where(figure => figure.After == moment)];
    }

    private static OutcomeDefinitions Read()
    {
        var file = EmbeddedData.Read<DefinitionFile>("Courses.Decisions.outcome-definitions.json");
        var read = new OutcomeDefinitions(file.Version, Read(file.PartialResponse), Read(file.Response), [.. file.Scales.Select(s => new ScaleDefinition(s.Id, s.RuleScale, s.Clinician, Read(s.Remission), Read(s.Relapse)))], file.Published);
        var cuts = read.Scales.SelectMany(s => new[] { s.Remission, s.Relapse, s.Relapse.Above, s.Relapse.Apart }).OfType<Cut>().Append(read.Response).Append(read.PartialResponse);
        if (cuts.Any(cut => cut.Rule is { } rule ? !RuleBook.Get(rule).Parameters.ContainsKey(cut.Parameter ?? "") : cut.Value is null || cut.Source is null || cut.Status is null) || read.Published.Any(p => !RuleBook.Has(p.Rule)))
            throw new InvalidOperationException("The definitions of outcomes name a parameter that no rule has, or a value without its source.");
        return read;
    }

    private static Cut Read(CutFile file) => new(file.Rule, file.Parameter, file.Value ?? file.Percent, file.Source, file.Status, file.Below ?? false, file.Above is { } above ? Read(above) : null, file.Apart is { } apart ? Read(apart) : null);

    private sealed record CutFile(string? Rule = null, string? Parameter = null, decimal? Value = null, decimal? Percent = null, string? Source = null, string? Status = null, bool? Below = null, CutFile? Above = null, CutFile? Apart = null);

    private sealed record ScaleFile(string Id, DepressionScale RuleScale, bool Clinician, CutFile Remission, CutFile Relapse);

    private sealed record DefinitionFile(int Version, CutFile PartialResponse, CutFile Response, ScaleFile[] Scales, PublishedFigure[] Published);
}
