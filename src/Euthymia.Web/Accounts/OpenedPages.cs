using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Euthymia.Web.Accounts;

/// <summary>
/// Tickets of pages that keep themselves current. Opening such a page is audited and gives it a ticket; a request for its
/// content without a ticket of this person and page is audited like an opening.
/// </summary>
public sealed class OpenedPages(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Holds = TimeSpan.FromHours(12);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("opened-pages").ToTimeLimitedDataProtector();

    public string Ticket(Guid accountId, string page) => _protector.Protect($"{accountId:N} {page}", Holds);

    public bool Is(string? ticket, Guid accountId, string page)
    {
        try
        {
            return ticket is { Length: > 0 and < 1000 } && string.Equals(_protector.Unprotect(ticket), $"{accountId:N} {page}", StringComparison.Ordinal);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
