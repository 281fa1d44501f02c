using Euthymia.Clinic;
using Euthymia.Web.Accounts;
using Euthymia.Web.Components.Charts;
using Euthymia.Web.Hosting;
using Euthymia.Web.Pages.Visits.Sheets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Euthymia.Web.Pages.Story;

/// <summary>The summary for the referring doctor as a file.</summary>
public static class StoryEndpoints
{
    public static void MapStoryEndpoints(this IEndpointRouteBuilder app) =>
        app.MapGet("/patients/{id:guid}/story/pdf", Pdf).RequireAuthorization(Policies.Staff).RequireRateLimiting(HeavyWork.Policy);

    // The file's name holds no patient data: it ends up in download folders.
    private static async Task<Results<FileContentHttpResult, NotFound>> Pdf(Guid id, [FromServices] ClinicDesk desk, HttpContext context)
    {
        try
        {
            var story = await desk.StoriesFor(context.User).Of(id, context.RequestAborted);
            var (forecast, _) = await desk.ForecastsFor(context.User).TryCourse(story.Latest, context.RequestAborted);
            var drawing = StoryDrawing.Of(story, forecast);
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.File(PaperPdf.Of(PatientSummary.Of(story), drawing is null ? null : new ChartLayout(ChartSize.Wide, drawing.Time, drawing.Panels)), "application/pdf", "summary.pdf");
        }
        catch (ClinicRuleException refusal) when (refusal.Kind == RefusalKind.NotFound)
        {
            return TypedResults.NotFound();
        }
    }
}
