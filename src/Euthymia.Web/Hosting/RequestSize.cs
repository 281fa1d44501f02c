using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Euthymia.Web.Hosting;

/// <summary>
/// Answers a request that is too large with 413 in plain words. The body is read and thrown away first, up to a bound: a server that
/// hangs up while the browser is still sending makes the browser show a broken connection instead of the answer.
/// </summary>
public sealed class RequestSize(RequestDelegate next)
{
    private const long LargestThrownAway = 128 * 1024 * 1024;

    public async Task InvokeAsync(HttpContext context)
    {
        // The page that explains the refusal comes through here a second time, with the same request.
        var isExplanation = context.Features.Get<IStatusCodeReExecuteFeature>() is not null;
        if (isExplanation || context.Request.ContentLength is not > HostingOptions.LargestRequest)
        {
            await next(context);
            return;
        }

        if (context.Request.ContentLength <= LargestThrownAway
            && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestThrownAway;
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        }

        context.Request.Method = HttpMethods.Get; // the form is gone; what is left to answer is the page that says so
        context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
    }
}
