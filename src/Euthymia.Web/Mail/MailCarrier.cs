using Euthymia.Clinic;
using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Hosting;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Euthymia.Web.Mail;

/// <summary>
/// Sends what waits. A mail is marked before it leaves, so that two servers do not send it twice; if it does not leave, the mark is taken
/// back and it is tried again, later each time. Addresses and texts are not logged.
/// </summary>
public sealed class MailCarrier(ClinicDbFactory databases, MailOptions options, HostingOptions hosting, TimeProvider time, ILogger<MailCarrier> log)
{
    private const int MostAtOnce = 100;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Sends the mails that are due and returns how many left.</summary>
    public async Task<int> Send(CancellationToken cancel = default)
    {
        await using var db = databases.Create();
        var now = time.GetUtcNow();
        var waiting = await db.Mails.AsNoTracking().Where(m => m.SentAt == null && m.GoodUntil > now && (m.NextAttemptAt == null || m.NextAttemptAt <= now))
            .OrderBy(m => m.CreatedAt).Take(MostAtOnce).ToListAsync(cancel);
        var sent = 0;
        foreach (var mail in waiting)
        {
            if (await Mark(db, mail, m => m.SentAt = now, cancel) && await Deliver(db, mail, cancel))
                sent++;
        }

        return sent;
    }

    private async Task<bool> Deliver(ClinicDb db, OutgoingMail mail, CancellationToken cancel)
    {
        try
        {
            using var message = Message(mail);
            if (options.Host is { } host)
                await Smtp(host, message, cancel);
            else
                await Drop(message, mail, cancel);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            log.LogError("A mail did not leave ({Kind}, attempt {Attempt}): {Failure}.", mail.Kind, mail.Attempts + 1, failure.GetType().Name);
            await Mark(db, mail, m =>
            {
                m.SentAt = null;
                m.Attempts++;
                var wait = FirstWait * Math.Pow(2, Math.Min(m.Attempts - 1, 10));
                m.NextAttemptAt = time.GetUtcNow() + (wait < LongestWait ? wait : LongestWait);
                m.Failure = failure.GetType().Name;
            }, CancellationToken.None);
            return false;
        }
    }

    private static async Task<bool> Mark(ClinicDb db, OutgoingMail mail, Action<OutgoingMail> change, CancellationToken cancel)
    {
        db.Attach(mail);
        change(mail);
        mail.Revision++;
        try
        {
            await db.SaveChangesAsync(cancel);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false; // another server has it
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    private MimeMessage Message(OutgoingMail mail)
    {
        var message = new MimeMessage { Subject = mail.Subject, Date = time.GetUtcNow(), MessageId = $"{mail.Id:N}@euthymia.invalid" };
        message.From.Add(MailboxAddress.Parse(options.From));
        message.To.Add(MailboxAddress.Parse(mail.To));
        message.Body = new TextPart("plain") { Text = mail.Text.Replace("{address}", hosting.PublicAddress ?? "(the address of your clinic's page) /", StringComparison.Ordinal) };
        return message;
    }

    private async Task Drop(MimeMessage message, OutgoingMail mail, CancellationToken cancel)
    {
        Directory.CreateDirectory(options.Folder);
        await message.WriteToAsync(Path.Combine(options.Folder, $"{mail.Id:N}.eml"), cancel);
    }

    private async Task Smtp(string host, MimeMessage message, CancellationToken cancel)
    {
        using var client = new SmtpClient { Timeout = 20_000 };
        await client.ConnectAsync(host, options.Port, options.Port == 465 ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTlsWhenAvailable, cancel);
        if (options.User is { Length: > 0 } user)
            await client.AuthenticateAsync(user, options.Password ?? "", cancel);
        await client.SendAsync(message, cancel);
        await client.DisconnectAsync(quit: true, cancel);
    }
}

/// <summary>Every minute: what time has brought about, then the mails. Off in the demo, whose patients are invented and whose mails would go nowhere.</summary>
public sealed class FollowUpClock(ClinicDbFactory databases, MailCarrier carrier, RoundMemory memory, HostingOptions hosting, TimeProvider time, ILogger<FollowUpClock> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (hosting.IsDemo)
            return;
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await Tick(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the server stops
        }
    }

    private async Task Tick(CancellationToken cancel)
    {
        try
        {
            await using var db = databases.Create();
            await new FollowUpRound(db, time).Run(cancel);
            await new CourseRound(db, time, memory).Run(cancel);
            await carrier.Send(cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            // The next round does what this one left: nothing is lost, and the server must not die of it.
            log.LogError("The follow-up round failed and is tried again in a minute: {Failure}.", failure.GetType().Name);
        }
    }
}
