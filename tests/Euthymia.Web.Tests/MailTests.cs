using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Mail;
using Euthymia.Web.Tests.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Euthymia.Web.Tests;

/// <summary>A mail server on this machine that takes one message after another, or hangs up.</summary>
internal sealed class PostOffice : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _serving;

    public PostOffice()
    {
        _listener.Start();
        _serving = Serve();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public bool HangsUp { get; set; }

    public List<string> Messages { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        try
        {
            await _serving;
        }
        catch (OperationCanceledException)
        {
            // closed
        }

        _closing.Dispose();
    }

    private async Task Serve()
    {
        while (!_closing.IsCancellationRequested)
        {
            using var client = await _listener.AcceptTcpClientAsync(_closing.Token);
            if (!HangsUp)
                await Talk(client);
        }
    }

    private async Task Talk(TcpClient client)
    {
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        Task Say(string line) => stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _closing.Token).AsTask();
        await Say("220 post office");
        while (await reader.ReadLineAsync(_closing.Token) is { } line)
        {
            switch (line.Split(' ')[0].ToUpperInvariant())
            {
                case "DATA":
                    await Say("354 go on");
                    var message = new StringBuilder();
                    while (await reader.ReadLineAsync(_closing.Token) is { } text && text is not ".")
                        message.AppendLine(text);
                    Messages.Add(message.ToString());
                    await Say("250 taken");
                    break;
                case "QUIT":
                    await Say("221 bye");
                    return;
                default:
                    await Say("250 well");
                    break;
            }
        }
    }
}

/// <summary>A clinic that sends its mails by a server.</summary>
public sealed class PostingClinic : ClinicSite
{
    internal PostOffice Post { get; } = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Post.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseSetting("Mail:Host", "127.0.0.1");
        builder.UseSetting("Mail:Port", Post.Port.ToString(CultureInfo.InvariantCulture));
        builder.UseSetting("Mail:From", "clinic@example.org");
        builder.UseSetting("PublicAddress", "https://clinic.example.org");
        builder.UseSetting("Logging:LogLevel:Euthymia.Web.Mail.MailCarrier", "None"); // a refused mail is what this test is about
    }
}

public sealed class MailTests(PostingClinic site) : IClassFixture<PostingClinic>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refused_mail_waits_and_leaves_once_when_the_server_is_back()
    {
        var now = site.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var mail = new OutgoingMail
        {
            Occurrence = "test:1",
            Kind = MailKind.Reminder,
            To = "patient@example.org",
            Subject = "A short reminder",
            Text = "Open {address}my\n",
            CreatedAt = now,
            GoodUntil = now.AddHours(1),
        };
        var stale = new OutgoingMail { Occurrence = "test:2", To = "patient@example.org", Subject = "Too late", Text = "x", CreatedAt = now.AddHours(-2), GoodUntil = now.AddHours(-1) };
        await site.With(async services =>
        {
            var db = services.GetRequiredService<ClinicDb>();
            db.Mails.AddRange(mail, stale);
            return await db.SaveChangesAsync(Cancel);
        });
        var carrier = site.Services.GetRequiredService<MailCarrier>();
        site.Post.HangsUp = true;
        Assert.Equal(0, await carrier.Send(Cancel));
        var refused = await Stored(mail.Id);
        Assert.Equal((null, 1), (refused.SentAt, refused.Attempts));
        Assert.True(refused.NextAttemptAt > now);
        Assert.DoesNotContain("@", refused.Failure, StringComparison.Ordinal);
        Assert.Equal(0, await carrier.Send(Cancel)); // not before its time

        site.Post.HangsUp = false;
        await site.With(services => services.GetRequiredService<ClinicDb>().Mails.Where(m => m.Id == mail.Id).ExecuteUpdateAsync(set => set.SetProperty(m => m.NextAttemptAt, now), Cancel));
        var sent = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => carrier.Send(Cancel)));
        Assert.Equal(1, sent.Sum());
        Assert.NotNull((await Stored(mail.Id)).SentAt);
        var message = Assert.Single(site.Post.Messages);
        Assert.Contains("Subject: A short reminder", message, StringComparison.Ordinal);
        Assert.Contains("https://clinic.example.org/my", message, StringComparison.Ordinal);
    }

    private Task<OutgoingMail> Stored(Guid id) => site.With(services => services.GetRequiredService<ClinicDb>().Mails.AsNoTracking().SingleAsync(m => m.Id == id, Cancel));
}
