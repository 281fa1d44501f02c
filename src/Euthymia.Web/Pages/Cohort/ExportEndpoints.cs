using Euthymia.Clinic;
using Euthymia.Interop.Research;
using Euthymia.Web.Accounts;
using Euthymia.Web.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Euthymia.Web.Pages.Cohort;

/// <summary>The research export as a file: made and sent at once (without script), or fetched after it was made.</summary>
public static class ExportEndpoints
{
    private const string Zip = "application/zip";

    public static void MapExportEndpoints(this IEndpointRouteBuilder app)
    {
        app.MapGet("/clinic/results/export/{id:guid}", Fetch).RequireAuthorization(Policies.Lead);
        app.MapPost("/clinic/results/export/file", Make).RequireAuthorization(Policies.Lead).RequireRateLimiting(HeavyWork.Policy).WithMetadata(new RequireAntiforgeryTokenAttribute());
    }

    /// <summary>The name says what it is and nothing of whom or when.</summary>
    public static string NameOf(ResearchFormat format) => $"research-export-{format.ToString().ToLowerInvariant()}.zip";

    private static Results<FileContentHttpResult, NotFound> Fetch(Guid id, [FromServices] ExportShelf shelf, HttpContext context)
    {
        if (shelf.Find(id, CurrentActor.Of(context.User).AccountId) is not { } parcel)
            return TypedResults.NotFound();
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.File(parcel.File, Zip, parcel.Name);
    }

    private static async Task<Results<FileContentHttpResult, RedirectHttpResult, BadRequest<string>>> Make([FromServices] ClinicDesk desk, HttpContext context)
    {
        // Looked at before the form is read: reading it with a wrong token throws.
        if (context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: true })
            return TypedResults.BadRequest("This form is out of date. Open the page again.");
        var format = (await context.Request.ReadFormAsync(context.RequestAborted))["format"].ToString();
        var wanted = string.Equals(format, nameof(ResearchFormat.Parquet), StringComparison.Ordinal) ? ResearchFormat.Parquet : ResearchFormat.Csv;
        try
        {
            var data = await desk.ResearchExportFor(context.User).Make(progress: null, context.RequestAborted);
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.File(await ResearchFiles.Pack(data, wanted, context.RequestAborted), Zip, NameOf(wanted));
        }
        catch (ClinicRuleException refusal) when (refusal.Kind == RefusalKind.Invalid)
        {
            return TypedResults.LocalRedirect("/clinic/results/export"); // the page says why there is none
        }
    }
}
