namespace Euthymia.Clinic;

/// <summary>
/// A patient's own signature under the consent form, given on their own page; never changed after it was stored. Consent is signed when a
/// clinician has signed, too: their record names this one.
/// </summary>
public sealed class ConsentSignature
{
    /// <summary>Made by the form, so that sending it twice stores it once.</summary>
    public Guid Id { get; init; }

    public Guid PatientId { get; init; }

    public string FormId { get; init; } = "";

    public int FormVersion { get; init; }

    /// <summary>All the words that were on the page when it was signed.</summary>
    public string FormText { get; init; } = "";

    /// <summary>As the patient typed it.</summary>
    public string PatientName { get; init; } = "";

    /// <summary>The sentence that was ticked.</summary>
    public string PatientMeaning { get; init; } = "";

    public DateTimeOffset SignedAt { get; init; }

    /// <summary>The "read and understood" of the text about the treatment on which it rests.</summary>
    public Guid ReadDocumentId { get; init; }

    public Guid ByAccountId { get; init; }
}
