using Euthymia.Clinic;
using Euthymia.Web.Accounts;
using Euthymia.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Euthymia.Web.Pages.Visits.Sheets;

/// <summary>The papers of a visit as files.</summary>
public static class PaperEndpoints
{
    public static void MapPaperEndpoints(this IEndpointRouteBuilder app) =>
        app.MapGet("/visits/{id:guid}/papers/{kind:alpha}/pdf", Pdf).RequireAuthorization(Policies.Staff).RequireRateLimiting(HeavyWork.Policy);

    // The file's name holds no patient data: it ends up in download folders.
    private static async Task<Results<FileContentHttpResult, NotFound>> Pdf(Guid id, string kind, [FromServices] ClinicDesk desk, HttpContext context)
    {
        if (!Enum.TryParse<VisitDocumentKind>(kind, ignoreCase: true, out var wanted) || !Enum.IsDefined(wanted))
            return TypedResults.NotFound();
        try
        {
            var paper = await desk.VisitsFor(context.User).Document(id, wanted, context.RequestAborted);
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.File(PaperPdf.Of(paper), "application/pdf", $"visit-{kind}.pdf");
        }
        catch (ClinicRuleException refusal) when (refusal.Kind == RefusalKind.NotFound)
        {
            return TypedResults.NotFound();
        }
    }
}
