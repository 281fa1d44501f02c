using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Accounts;
using Euthymia.Web.Hosting;
using Euthymia.Web.Pages.Room;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Web.Pages.Visits;

/// <summary>One entry as a device's outbox sends it, as often as it takes.</summary>
/// <param name="Id">Made by the device.</param>
/// <param name="Author">The account that recorded it; another person's entry is not taken over.</param>
/// <param name="ObservedAt">By the device's clock, set by the server's.</param>
/// <param name="Entry">What happened.</param>
public sealed record SentEntry(Guid Id, Guid Author, DateTimeOffset ObservedAt, JsonElement Entry);

/// <summary>What the chair's and the room's script ask of the server. Recording goes this way and not over a live circuit, so that a device can send again what it is not sure of.</summary>
public static class VisitEndpoints
{
    /// <summary>Sent by a page that is behind another tab or on a dark screen: it asks, but nobody sees it.</summary>
    private const string Hidden = "X-Hidden";

    private static readonly JsonSerializerOptions EntryJson = new(JsonSerializerDefaults.Web) { AllowOutOfOrderMetadataProperties = true };

    public static void MapVisitEndpoints(this IEndpointRouteBuilder app)
    {
        var staff = app.MapGroup("").RequireAuthorization(Policies.Staff).AddEndpointFilter(NoStore);
        staff.MapPost("/visits/{id:guid}/events", Record).AddEndpointFilter(Antiforgery);
        staff.MapGet("/visits/{id:guid}/live", Chair);
        staff.MapGet("/room/live", TheRoom);
        staff.MapGet("/outbox/token", Token);
    }

    private static async Task<IResult> Record(Guid id, SentEntry sent, HttpContext context, [FromServices] VisitRecorder recorder, [FromServices] DiskWatch disk, CancellationToken cancel)
    {
        var actor = CurrentActor.Of(context.User);
        try
        {
            if (sent.Author != actor.AccountId)
                throw new ClinicRuleException(RefusalKind.Conflict, "", "other_author", "Another person recorded this. It waits until they sign in on this device.");
            var entry = Read(sent.Entry);
            if (entry is InfusionStarted)
                disk.RequireRoomToStart();
            var result = await recorder.Append(actor, id, sent.Id, entry, sent.ObservedAt, cancel);
            return Results.Ok(new { result.AlreadyStored, result.Event.Number });
        }
        catch (ClinicRuleException refusal)
        {
            return Results.Json(new { kind = refusal.Kind.ToString(), errors = refusal.Errors }, statusCode: StatusOf(refusal.Kind));
        }
        catch (Exception failure) when (StorageFull.Is(failure))
        {
            disk.Full();
            return Results.Problem("The server's disk is full: this was not stored. It is safe to send it again.", statusCode: StatusCodes.Status507InsufficientStorage);
        }
        catch (Exception failure) when (failure is DbException or DbUpdateException or TimeoutException)
        {
            return Results.Problem("The server could not store this. It is safe to send it again.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<IResult> Chair(
        Guid id, string? seen, [FromHeader(Name = "X-Opened")] string? opened, [FromHeader(Name = Hidden)] bool? hidden, HttpContext context,
        [FromServices] ClinicDb db, [FromServices] OpenedPages pages, [FromServices] VisitLooks looks, [FromServices] ChairForecasts forecasts, [FromServices] TimeProvider time, CancellationToken cancel)
    {
        if (hidden is not true)
            looks.Seen(id);
        var actor = CurrentActor.Of(context.User);
        var log = new VisitLog(db, time, actor);
        var now = time.GetUtcNow();
        var version = $"{await log.Version(id, cancel)}.{Turn(now)}{forecasts.Version(id)}";
        Say(context, version, now);
        if (string.Equals(seen, version, StringComparison.Ordinal))
            return Results.NoContent();
        try
        {
            var view = pages.Is(opened, actor.AccountId, id.ToString()) ? await log.Glance(id, cancel) : await log.State(id, cancel);
            var live = new LiveVisit(view, await new ClinicOffice(db).Settings(cancel), now) { Forecast = forecasts.Of(view, actor) };
            return new RazorComponentResult<VisitLive>(new { Live = live });
        }
        catch (ClinicRuleException refusal)
        {
            return Results.StatusCode(StatusOf(refusal.Kind));
        }
    }

    private static async Task<IResult> TheRoom(
        string? seen, [FromHeader(Name = "X-Opened")] string? opened, [FromHeader(Name = Hidden)] bool? hidden, HttpContext context,
        [FromServices] ClinicDb db, [FromServices] OpenedPages pages, [FromServices] VisitLooks looks, [FromServices] TimeProvider time, CancellationToken cancel)
    {
        var actor = CurrentActor.Of(context.User);
        var log = new VisitLog(db, time, actor);
        var now = time.GetUtcNow();
        var chairs = pages.Is(opened, actor.AccountId, RoomPage.Address) ? await log.Room(cancel: cancel) : await log.Today(cancel: cancel);
        foreach (var visit in hidden is true ? [] : chairs.SelectMany(c => c.Visits).Where(v => v.Visit.RunningPatientId is not null))
            looks.Seen(visit.Visit.Id);
        var version = $"{RoomVersion(chairs)}.{Turn(now)}";
        Say(context, version, now);
        return string.Equals(seen, version, StringComparison.Ordinal)
            ? Results.NoContent()
            : new RazorComponentResult<RoomLive>(new { Chairs = chairs, Clinic = await new ClinicOffice(db).Settings(cancel), Now = now });
    }

    private static IResult Token(HttpContext context, [FromServices] IAntiforgery antiforgery) =>
        Results.Ok(new { token = antiforgery.GetAndStoreTokens(context).RequestToken, author = CurrentActor.Of(context.User).AccountId });

    private static VisitEntry Read(JsonElement entry)
    {
        try
        {
            return entry.Deserialize<VisitEntry>(EntryJson) ?? throw new JsonException();
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException)
        {
            throw ClinicRuleException.Invalid("", "entry_not_understood", "This entry is of a kind that the server does not know. Load the page again, and record it anew.");
        }
    }

    /// <summary>Even when nothing is recorded a page is written anew twice a minute: time moves visits on, too.</summary>
    private static long Turn(DateTimeOffset now) => now.ToUnixTimeSeconds() / 30;

    private static int RoomVersion(IReadOnlyList<TodayChair> chairs)
    {
        var hash = default(HashCode);
        foreach (var visit in chairs.SelectMany(c => c.Visits))
        {
            hash.Add(visit.Visit.Id);
            hash.Add(visit.Visit.Chair, StringComparer.Ordinal);
            hash.Add(visit.State.Log.Count);
            hash.Add(visit.State.Phase);
            foreach (var alarm in visit.Alarms)
                hash.Add((alarm.Id, alarm.State));
        }

        return hash.ToHashCode();
    }

    private static void Say(HttpContext context, string version, DateTimeOffset now)
    {
        context.Response.Headers["X-Seen"] = version;
        context.Response.Headers["X-Now"] = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
    }

    private static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status422UnprocessableEntity,
    };

    private static ValueTask<object?> NoStore(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }

    private static async ValueTask<object?> Antiforgery(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var antiforgery = context.HttpContext.RequestServices.GetRequiredService<IAntiforgery>();
        return await antiforgery.IsRequestValidAsync(context.HttpContext)
            ? await next(context)
            : Results.Json(new { kind = "Antiforgery", errors = Array.Empty<FieldError>() }, statusCode: StatusCodes.Status400BadRequest);
    }
}
