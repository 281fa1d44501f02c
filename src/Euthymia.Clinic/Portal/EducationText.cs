namespace Euthymia.Clinic;

/// <summary>One part of the text with what it rests on.</summary>
public sealed record EducationSection(string Heading, IReadOnlyList<string> Text, IReadOnlyList<string> Sources);

/// <summary>What patients are told about the treatment, in plain words with sources. The version is raised with every change of what it says.</summary>
public sealed record EducationText(string Id, int Version, string Title, IReadOnlyList<EducationSection> Sections)
{
    public static EducationText Current { get; } = EmbeddedData.Read<EducationText>("Portal.education.json");
}
