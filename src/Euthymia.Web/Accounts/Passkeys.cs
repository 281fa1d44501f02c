using Euthymia.Clinic;
using Euthymia.Web.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Euthymia.Web.Accounts;

/// <summary>
/// Signing in by a key that stays on a person's device (WebAuthn). It takes the place of the password, so the device has to
/// ask who is there: a finger, a face or a code.
/// </summary>
public static class Passkeys
{
    /// <summary>Characters of the name that a person gives to a passkey.</summary>
    public const int LongestName = 100;

    /// <summary>Passkeys that an account may have.</summary>
    public const int Most = 10;

    private const string Required = "required";

    public static IServiceCollection AddPasskeys(this IServiceCollection services, HostingOptions hosting) => services.Configure<IdentityPasskeyOptions>(options =>
    {
        (options.UserVerificationRequirement, options.ResidentKeyRequirement) = (Required, Required);
        // A key is bound to the address under which people reach the site, whatever a request's own header says.
        options.ValidateOrigin = answer => ValueTask.FromResult(IsOwn(answer, answer.HttpContext.Request, hosting.PublicAddress));
        options.ServerDomain = hosting.PublicAddress is { } address ? new Uri(address).Host : null;
    });

    /// <summary>The questions that a page's script puts to the device.</summary>
    public static void MapPasskeys(this IEndpointRouteBuilder app)
    {
        app.MapPost("/account/passkey-options", ForNew).RequireAuthorization().RequireRateLimiting(AccountSetup.SignInLimit);
        app.MapPost("/sign-in/passkey-options", ForSignIn).AllowAnonymous().RequireRateLimiting(AccountSetup.SignInLimit);
    }

    /// <summary>Keeps the key that a device has made for an account.</summary>
    /// <returns>False when the answer of the device is not the one to this page's question.</returns>
    public static async Task<bool> Add(SignInManager<Account> signIns, Account account, string credential, string name)
    {
        if (await Answered(() => signIns.PerformPasskeyAttestationAsync(credential)) is not { Succeeded: true } made)
            return false;
        made.Passkey.Name = name;
        return (await signIns.UserManager.AddOrUpdatePasskeyAsync(account, made.Passkey)).Succeeded;
    }

    /// <summary>Signs in whose key it is, unless the account is closed or locked.</summary>
    public static async Task<bool> SignIn(SignInManager<Account> signIns, string credential)
    {
        if (await Answered(() => signIns.PerformPasskeyAssertionAsync(credential)) is not { Succeeded: true } shown || !await signIns.CanSignInAsync(shown.User) || await signIns.UserManager.IsLockedOutAsync(shown.User))
            return false;
        await signIns.UserManager.AddOrUpdatePasskeyAsync(shown.User, shown.Passkey); // its counter has moved
        await signIns.SignInAsync(shown.User, isPersistent: false);
        return true;
    }

    // The framework throws where no question was asked: an answer from nowhere is no answer.
    private static async Task<T?> Answered<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // By default https alone is taken; a machine's own loopback name is as safe, and the demo listens there.
    private static bool IsOwn(PasskeyOriginValidationContext answer, HttpRequest request, string? publicAddress) =>
        !answer.CrossOrigin && Uri.TryCreate(answer.Origin, UriKind.Absolute, out var origin) && (string.Equals(origin.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal) || origin.IsLoopback)
        && (string.Equals(answer.Origin, publicAddress?.TrimEnd('/'), StringComparison.Ordinal) || string.Equals(answer.Origin, $"{request.Scheme}://{request.Host}", StringComparison.Ordinal));

    private static async Task<IResult> ForNew([FromServices] SignInManager<Account> signIns, [FromServices] IAntiforgery antiforgery, HttpContext context)
    {
        if (!await antiforgery.IsRequestValidAsync(context) || await signIns.UserManager.GetUserAsync(context.User) is not { } account)
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        return Json(await signIns.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity { Id = account.Id.ToString(), Name = account.UserName!, DisplayName = account.DisplayName }));
    }

    // For nobody in particular: an answer that depended on a name would tell which accounts exist.
    private static async Task<IResult> ForSignIn([FromServices] SignInManager<Account> signIns, [FromServices] IAntiforgery antiforgery, HttpContext context) =>
        await antiforgery.IsRequestValidAsync(context)
            ? Json(await signIns.MakePasskeyRequestOptionsAsync(user: null))
            : Results.StatusCode(StatusCodes.Status400BadRequest);

    private static IResult Json(string options) => Results.Content(options, "application/json");
}
