using Euthymia.Clinic;
using Microsoft.AspNetCore.Identity;

namespace Euthymia.Web.Shared;

/// <summary>What was wrong with the last submission, for a form to show at each field and in a summary.</summary>
public sealed class Problems
{
    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> All => _errors;

    public RefusalKind? Kind { get; private set; }

    public bool Any => _errors.Count > 0;

    /// <summary>The messages at one field.</summary>
    public IEnumerable<FieldError> At(string field) => _errors.Where(error => string.Equals(error.Field, field, StringComparison.Ordinal));

    public void Add(string field, string code, string message) => _errors.Add(new FieldError(field, code, message));

    public void Take(IEnumerable<FieldError> errors) => _errors.AddRange(errors);

    public void Take(ClinicRuleException refusal)
    {
        Kind = refusal.Kind;
        _errors.AddRange(refusal.Errors);
    }

    /// <summary>A refused account: what is wrong with the password goes to its field, the rest to the name.</summary>
    public void Take(IdentityResult result)
    {
        foreach (var error in result.Errors)
            Add(error.Code.StartsWith("Password", StringComparison.Ordinal) ? "password" : "userName", error.Code, error.Description);
    }

    public void Clear()
    {
        Kind = null;
        _errors.Clear();
    }
}
