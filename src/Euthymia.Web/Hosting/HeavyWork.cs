using System.Globalization;
using System.Threading.RateLimiting;
using Euthymia.Clinic;
using Microsoft.AspNetCore.RateLimiting;

namespace Euthymia.Web.Hosting;

/// <summary>
/// Keeps what takes much computing (results, exports, plans, papers as PDF) from taking the machine away from the chairs: a few at a time,
/// some wait, the rest are told to come back. Recording, the chair and the room have no such limit.
/// </summary>
public sealed class HeavyWork : IDisposable
{
    /// <summary>Name of the limit of requests.</summary>
    public const string Policy = "heavy-work";

    private static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(10);

    private readonly ConcurrencyLimiter _pages = new(Limit);

    /// <summary>At once, of requests and of live pages each: half the cores, and at least two, so that one long export does not stop everything.</summary>
    public static int AtOnce => Math.Max(2, Environment.ProcessorCount / 2);

    /// <summary>That wait; more are refused.</summary>
    public const int Waiting = 24;

    private static ConcurrencyLimiterOptions Limit => new() { PermitLimit = AtOnce, QueueLimit = Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };

    /// <summary>For a live page, which is not a request: waits for its turn, and works until the lease is disposed of.</summary>
    /// <exception cref="ClinicRuleException">Too many wait already.</exception>
    public async Task<RateLimitLease> Enter(CancellationToken cancel)
    {
        var lease = await _pages.AcquireAsync(1, cancel);
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        throw ClinicRuleException.Invalid("", "server_busy", "The server has too much to compute at the moment. Try again in a few seconds; recording at the chairs goes on.");
    }

    public void Dispose() => _pages.Dispose();

    internal static void AddLimit(RateLimiterOptions options)
    {
        options.AddPolicy(Policy, _ => RateLimitPartition.GetConcurrencyLimiter("", _ => Limit));
        options.OnRejected = (rejected, _) =>
        {
            if (rejected.HttpContext.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is Policy)
            {
                rejected.HttpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                rejected.HttpContext.Response.Headers.RetryAfter = ComeBack.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
            }

            return ValueTask.CompletedTask;
        };
    }
}
