using Euthymia.Clinic;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Euthymia.Web.Accounts;

/// <summary>What is done by a button on every page rather than on a page of its own.</summary>
public static class AccountEndpoints
{
    private const string ThemeCookie = "theme";
    private static readonly string[] Themes = ["auto", "light", "dark"];

    public static void MapAccountEndpoints(this IEndpointRouteBuilder app)
    {
        app.MapPost("/sign-out", SignOut).RequireAuthorization();
        // Whoever may set this device's colours may do so from anywhere; with a token the framework would answer 500 to a form without one.
        app.MapPost("/theme", SetTheme).AllowAnonymous().DisableAntiforgery();
        app.MapPasskeys();
    }

    /// <summary>The theme chosen on this device: auto, light or dark.</summary>
    public static string ThemeOf(HttpContext? context) =>
        context?.Request.Cookies[ThemeCookie] is { } theme && Themes.Contains(theme, StringComparer.Ordinal) ? theme : "auto";

    // It reads no form, so the framework would not look at the token by itself: another site must not sign a nurse out.
    private static async Task<IResult> SignOut([FromServices] SignInManager<Account> signIn, [FromServices] IAntiforgery antiforgery, HttpContext context)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        await signIn.SignOutAsync();
        context.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        return Results.LocalRedirect("/sign-in");
    }

    private static IResult SetTheme([FromForm] string theme, [FromForm] string? returnUrl, HttpContext context)
    {
        if (Themes.Contains(theme, StringComparer.Ordinal))
        {
            context.Response.Cookies.Append(ThemeCookie, theme, new CookieOptions
            {
                HttpOnly = true,
                IsEssential = true,
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
                MaxAge = TimeSpan.FromDays(365),
            });
        }

        return Results.LocalRedirect(LocalAddress.Or(returnUrl, "/"));
    }
}

/// <summary>An address within this site, so that a link cannot send a person elsewhere after signing in.</summary>
public static class LocalAddress
{
    public static string Or(string? wanted, string otherwise) =>
        wanted is { Length: > 0 and < 500 } && wanted[0] == '/' && (wanted.Length == 1 || wanted[1] is not '/' and not '\\') && !wanted.Any(char.IsControl)
            ? wanted
            : otherwise;
}
