using Euthymia.Clinic;
using Euthymia.Web.Accounts;
using Euthymia.Web.Pages.Visits.Sheets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Euthymia.Web.Pages.Referrals;

/// <summary>A signed consent as a file, for the staff and for the patient.</summary>
public static class ConsentEndpoints
{
    public static void MapConsentEndpoints(this IEndpointRouteBuilder app)
    {
        app.MapGet("/patients/{id:guid}/consent/pdf/{recordId:guid}", Pdf).RequireAuthorization(Policies.Staff);
        app.MapGet("/my/consent/pdf", Own).RequireAuthorization(Policies.Patient);
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> Pdf(Guid id, Guid recordId, [FromServices] ClinicDesk desk, HttpContext context)
    {
        try
        {
            var view = await desk.ConsentsFor(context.User).Of(id, context.RequestAborted);
            return await File(view.Records.FirstOrDefault(r => r.Id == recordId), view.Patient, desk, context);
        }
        catch (ClinicRuleException refusal) when (refusal.Kind == RefusalKind.NotFound)
        {
            return TypedResults.NotFound();
        }
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> Own([FromServices] ClinicDesk desk, HttpContext context)
    {
        if (CurrentActor.Of(context.User).PatientId is not { } patientId)
            return TypedResults.NotFound();
        var own = await desk.ConsentsFor(context.User).Own(patientId, context.RequestAborted);
        return await File(own.Holding, own.Patient, desk, context);
    }

    // The file's name holds no patient data: it ends up in download folders.
    private static async Task<Results<FileContentHttpResult, NotFound>> File(ConsentRecord? record, Patient patient, ClinicDesk desk, HttpContext context)
    {
        if (record is null)
            return TypedResults.NotFound();
        var paper = ConsentPaper.Of(record, patient, await desk.Settings());
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.File(PaperPdf.Of(paper), "application/pdf", "consent.pdf");
    }
}
