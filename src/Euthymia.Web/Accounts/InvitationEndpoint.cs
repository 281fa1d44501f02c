using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;

namespace Euthymia.Web.Accounts;

/// <summary>
/// The link of an invitation. It looks nothing up and uses nothing up, because mail programs open links by themselves: it puts the code into a
/// sealed cookie for a quarter of an hour and leads to a page whose address does not have it.
/// </summary>
public static class InvitationEndpoint
{
    private const string Cookie = "invitation";
    private const int LongestCode = 64;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public static void MapInvitationEndpoint(this IEndpointRouteBuilder app) => app.MapGet("/invitation/{code}", Keep).AllowAnonymous();

    /// <summary>The code that this browser came with, or null.</summary>
    public static string? CodeOf(HttpContext context, IDataProtectionProvider protection)
    {
        try
        {
            return context.Request.Cookies[Cookie] is { } sealedCode ? Protector(protection).Unprotect(sealedCode) : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null; // too old, or not made here
        }
    }

    public static void Forget(HttpContext context) => context.Response.Cookies.Delete(Cookie, new CookieOptions { Path = "/join" });

    private static IResult Keep(string code, [FromServices] IDataProtectionProvider protection, HttpContext context)
    {
        if (code.Length <= LongestCode)
        {
            context.Response.Cookies.Append(Cookie, Protector(protection).Protect(code, Lifetime), new CookieOptions
            {
                HttpOnly = true,
                IsEssential = true,
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
                MaxAge = Lifetime,
                Path = "/join",
            });
        }

        return Results.LocalRedirect("/join");
    }

    private static ITimeLimitedDataProtector Protector(IDataProtectionProvider protection) => protection.CreateProtector("Euthymia.Invitation").ToTimeLimitedDataProtector();
}
