using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>One clause of the form.</summary>
public sealed record ConsentFormClause(ConsentClause Clause, string Title, string Text);

/// <summary>The consent form. Its version is raised with every change of what it says.</summary>
public sealed record ConsentForm(
    string Id, int Version, string Title, string Intro, IReadOnlyList<ConsentFormClause> Clauses, string PatientMeaning, string ClinicianMeaning, string Source)
{
    public static ConsentForm Current { get; } = EmbeddedData.Read<ConsentForm>("Screening.consent-form.json");

    /// <summary>The words that are signed, kept with the signature: a later version does not change them.</summary>
    internal string Text(IReadOnlyCollection<ConsentClause> explained) =>
        string.Join('\n', Clauses.Where(c => explained.Contains(c.Clause)).Select(c => $"{c.Title}. {c.Text}").Prepend(Intro));
}

public enum ConsentEvent
{
    Signed,
    Declined,
    Withdrawn,
}

/// <summary>One event about a patient's consent; never changed after it was stored. For a course the last one holds.</summary>
public sealed class ConsentRecord
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid PatientId { get; init; }

    /// <summary>The course it is about; null for the course that is ordered next.</summary>
    public Guid? CourseId { get; init; }

    public ConsentEvent Event { get; init; }

    public string FormId { get; init; } = "";

    public int FormVersion { get; init; }

    /// <summary>Names of the clauses that were explained.</summary>
    public IList<string> ExplainedClauses { get; init; } = [];

    public IReadOnlyList<ConsentClause> Explained => [.. ExplainedClauses.Select(Enum.Parse<ConsentClause>)];

    /// <summary>The words that were signed.</summary>
    public string FormText { get; init; } = "";

    /// <summary>The patient's printed name; null for a refusal or a withdrawal.</summary>
    public string? PatientName { get; init; }

    public string? PatientMeaning { get; init; }

    /// <summary>Who explained it: the account that recorded this.</summary>
    public Guid ClinicianId { get; init; }

    public string ClinicianName { get; init; } = "";

    public string? ClinicianMeaning { get; init; }

    /// <summary>When the patient signed, refused or withdrew.</summary>
    public DateTimeOffset SignedAt { get; init; }

    public DateTimeOffset RecordedAt { get; init; }

    /// <summary>The patient's signature on their own page; null when they signed in the clinic.</summary>
    public Guid? PatientSignatureId { get; init; }

    /// <summary>The patient's "read and understood" that counted; null when the text was gone through together.</summary>
    public Guid? ReadDocumentId { get; init; }

    /// <summary>Questions the patient asked, or why they refused or withdrew.</summary>
    public string? Note { get; init; }
}

/// <summary>What is entered when a patient signs, refuses or withdraws.</summary>
/// <param name="Event">Which of them.</param>
/// <param name="CourseId">The course; null for the one that is ordered next.</param>
/// <param name="Explained">Clauses that were explained.</param>
/// <param name="FormVersion">The version of the form that was shown.</param>
/// <param name="PatientName">As the patient printed it.</param>
/// <param name="PatientMeans">The patient has said the sentence above the signature.</param>
/// <param name="ClinicianMeans">So has the clinician.</param>
/// <param name="TextGoneThrough">The education text was gone through together.</param>
/// <param name="SignedAt">Now when left out.</param>
/// <param name="Note">Questions asked, or the reason.</param>
/// <param name="PatientSignatureId">The patient's signature on their own page, which stands for name, sentence and moment; null when they sign in the clinic.</param>
public sealed record ConsentEntry(
    ConsentEvent Event, Guid? CourseId, IReadOnlyList<ConsentClause> Explained, int FormVersion, string? PatientName = null, bool PatientMeans = false, bool ClinicianMeans = false,
    bool TextGoneThrough = false, DateTimeOffset? SignedAt = null, string? Note = null, Guid? PatientSignatureId = null);

/// <summary>What a patient enters to sign on their own page.</summary>
/// <param name="Id">Made by the form, so that sending it twice stores it once.</param>
/// <param name="FormVersion">The version of the form that was shown.</param>
/// <param name="PatientName">As typed.</param>
/// <param name="Means">The sentence is ticked.</param>
public sealed record OwnSignature(Guid Id, int FormVersion, string? PatientName, bool Means);
