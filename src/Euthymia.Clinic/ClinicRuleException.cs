using System.Diagnostics.CodeAnalysis;

namespace Euthymia.Clinic;

/// <summary>One thing wrong with what was submitted: the field it belongs to, a stable code, and a sentence that says how to mend it.</summary>
/// <param name="Field">Name of the field as the caller knows it ("weight"); empty when the whole request is meant.</param>
/// <param name="Code">Stable, lower snake case; tests and translations refer to it.</param>
/// <param name="Message">A sentence for the user: what was found and what to do.</param>
public sealed record FieldError(string Field, string Code, string Message);

/// <summary>Why a request was refused; decides how a page or an endpoint answers.</summary>
public enum RefusalKind
{
    /// <summary>A value breaks a rule and has to be changed.</summary>
    Invalid,

    /// <summary>A value is unusual. It is accepted when its code is sent back among the confirmed codes.</summary>
    NeedsConfirmation,

    /// <summary>Somebody else changed the record, or an id is already used for something else.</summary>
    Conflict,

    /// <summary>There is no such record, or none that this person may see.</summary>
    NotFound,

    /// <summary>This person's role does not allow it.</summary>
    Forbidden,
}

/// <summary>A request that the clinic's rules refuse. Nothing has been stored.</summary>
[SuppressMessage("Roslynator", "RCS1194", Justification = "An error without field, code and message must not exist.")]
public sealed class ClinicRuleException : Exception
{
    public ClinicRuleException(RefusalKind kind, IReadOnlyList<FieldError> errors)
        : base(string.Join(" ", errors.Select(e => e.Message)))
    {
        Kind = kind;
        Errors = errors;
    }

    public ClinicRuleException(RefusalKind kind, string field, string code, string message)
        : this(kind, [new FieldError(field, code, message)])
    {
    }

    public RefusalKind Kind { get; }

    public IReadOnlyList<FieldError> Errors { get; }

    public static ClinicRuleException Invalid(string field, string code, string message) => new(RefusalKind.Invalid, field, code, message);

    public static ClinicRuleException NotFound(string what) =>
        new(RefusalKind.NotFound, "", "not_found", $"This {what} does not exist, or you may not see it.");

    public static ClinicRuleException Forbidden(string message) => new(RefusalKind.Forbidden, "", "forbidden", message);
}

/// <summary>Collects what is wrong with one request, so that a form shows everything at once.</summary>
internal sealed class FieldErrors
{
    private readonly List<FieldError> _errors = [];
    private readonly List<FieldError> _questions = [];

    public bool Any => _errors.Count > 0;

    public IReadOnlyList<FieldError> All => _errors;

    public void Add(string field, string code, string message) => _errors.Add(new FieldError(field, code, message));

    /// <summary>Asks for confirmation unless the code is among the confirmed ones.</summary>
    public void Ask(string field, string code, string message, IReadOnlySet<string> confirmed)
    {
        if (!confirmed.Contains(code))
            _questions.Add(new FieldError(field, code, message));
    }

    /// <summary>Errors come before questions: there is no point in confirming a request that is refused anyway.</summary>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
            throw new ClinicRuleException(RefusalKind.Invalid, _errors);
        if (_questions.Count > 0)
            throw new ClinicRuleException(RefusalKind.NeedsConfirmation, _questions);
    }
}
