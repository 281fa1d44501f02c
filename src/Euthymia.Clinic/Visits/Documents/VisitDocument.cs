namespace Euthymia.Clinic;

/// <summary>The papers that come out of a visit.</summary>
public enum VisitDocumentKind
{
    /// <summary>What was found, done and decided, for the record.</summary>
    Note,

    /// <summary>What was infused, stretch by stretch.</summary>
    Infusion,

    /// <summary>The entry in the controlled-drug ledger.</summary>
    Ledger,

    /// <summary>What the patient and the escort take home.</summary>
    Instructions,
}

/// <summary>A paper as data, so that the page and the PDF cannot say different things.</summary>
/// <param name="Title">Its name.</param>
/// <param name="About">Whom it is about, one line.</param>
/// <param name="Sections">In order.</param>
/// <param name="Foot">What every sheet says at its end.</param>
public abstract record Paper(string Title, string About, IReadOnlyList<DocumentSection> Sections, string Foot);

/// <summary>A paper of a visit.</summary>
/// <param name="Kind">Which paper it is.</param>
/// <param name="Title">Its name.</param>
/// <param name="About">Patient, visit and date, one line.</param>
/// <param name="Sections">In order.</param>
/// <param name="Foot">What every sheet says at its end.</param>
public sealed record VisitDocument(VisitDocumentKind Kind, string Title, string About, IReadOnlyList<DocumentSection> Sections, string Foot) : Paper(Title, About, Sections, Foot);

/// <summary>A part of a paper: facts by name, sentences, or a table; what is empty is left out.</summary>
public sealed record DocumentSection(string Heading)
{
    public IReadOnlyList<(string Name, string Value)> Facts { get; init; } = [];

    public IReadOnlyList<string> Sentences { get; init; } = [];

    public IReadOnlyList<string> Columns { get; init; } = [];

    public IReadOnlyList<IReadOnlyList<string>> Rows { get; init; } = [];

    public bool IsEmpty => Facts.Count == 0 && Sentences.Count == 0 && Rows.Count == 0;
}
