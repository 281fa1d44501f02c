namespace Euthymia.Clinic;

/// <summary>What a column of an export holds. Any cell can be empty: not assessed, or hidden.</summary>
public enum ResearchKind
{
    Text,
    Whole,
    Number,

    /// <summary>A shifted calendar day.</summary>
    Day,
    Flag,
}

/// <summary>A column with its unit and meaning, for the file and for its description.</summary>
public sealed record ResearchColumn(string Name, ResearchKind Kind, string Meaning);

/// <summary>A table of an export. A cell is a string, int, double, <see cref="DateOnly"/> or bool as its column says, or null.</summary>
public sealed record ResearchTable(string Name, IReadOnlyList<ResearchColumn> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);

/// <summary>All that leaves the clinic at once.</summary>
/// <param name="Tables">In order.</param>
/// <param name="About">What a reader of the files has to know, line by line.</param>
/// <param name="Patients">How many patients are in it.</param>
public sealed record ResearchData(IReadOnlyList<ResearchTable> Tables, IReadOnlyList<string> About, int Patients);
