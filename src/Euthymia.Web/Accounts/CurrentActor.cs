using System.Security.Claims;
using Euthymia.Clinic;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Euthymia.Web.Accounts;

/// <summary>The signed-in person, as the clinic's services want to know them.</summary>
public sealed class CurrentActor(AuthenticationStateProvider authentication)
{
    /// <summary>The person of this request or live page.</summary>
    /// <exception cref="ClinicRuleException">Nobody is signed in.</exception>
    public async Task<Actor> Get() => Of((await authentication.GetAuthenticationStateAsync()).User);

    /// <summary>The person that a set of claims stands for.</summary>
    /// <exception cref="ClinicRuleException">Nobody is signed in.</exception>
    public static Actor Of(ClaimsPrincipal person)
    {
        if (!Guid.TryParse(person.FindFirstValue(ClaimTypes.NameIdentifier), out var id))
            throw ClinicRuleException.Forbidden("Sign in first.");
        var role = person.IsInRole(ClinicRoles.Lead) ? ClinicRole.Lead
            : person.IsInRole(ClinicRoles.Nurse) ? ClinicRole.Nurse
            : person.IsInRole(ClinicRoles.Patient) ? ClinicRole.Patient
            : throw ClinicRuleException.Forbidden("This account has no role. Ask a lead to give it one.");
        return new Actor(id, person.FindFirstValue(AccountClaims.DisplayName) ?? "", role,
            Guid.TryParse(person.FindFirstValue(AccountClaims.PatientId), out var patientId) ? patientId : null);
    }
}

/// <summary>Puts the name and the linked patient of an account into the signed-in person's claims.</summary>
public sealed class AccountClaims(UserManager<Account> users, RoleManager<IdentityRole<Guid>> roles, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<Account, IdentityRole<Guid>>(users, roles, options)
{
    internal const string DisplayName = "display_name";
    internal const string PatientId = "patient_id";

    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Account user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(DisplayName, user.DisplayName));
        if (user.PatientId is { } patientId)
            identity.AddClaim(new Claim(PatientId, patientId.ToString()));
        return identity;
    }
}
