using System.Globalization;
using Euthymia.Web.Hosting;

namespace Euthymia.Web.Mail;

/// <summary>How mails leave: to a mail server, or, until one is set, as files in a folder.</summary>
/// <param name="From">The sender's address.</param>
/// <param name="Host">The mail server; null for files.</param>
/// <param name="Port">Its port.</param>
/// <param name="User">Name to sign in to it with; null for none.</param>
/// <param name="Password">Its password.</param>
/// <param name="Folder">Where files go.</param>
public sealed record MailOptions(string From, string? Host, int Port, string? User, string? Password, string Folder)
{
    /// <summary>A record's text would print the password into a log.</summary>
    public override string ToString() => Host is null ? $"mails as files in {Folder}" : $"mails by {Host}:{Port.ToString(CultureInfo.InvariantCulture)}";
}

/// <summary>Mail: reminders to patients and calls to the person on call.</summary>
public static class MailSetup
{
    public static IServiceCollection AddMail(this IServiceCollection services, IConfiguration configuration, HostingOptions hosting)
    {
        var section = configuration.GetSection("Mail");
        var host = section["Host"] is { Length: > 0 } name ? name : null;
        var port = section.GetValue("Port", 587);
        if (port is < 1 or > 65535)
            throw new InvalidOperationException("The setting Mail:Port must be between 1 and 65535.");
        var from = section["From"] ?? "clinic@localhost.invalid";
        if (host is not null && !Euthymia.Clinic.MailAddressText.IsPlausible(from))
            throw new InvalidOperationException("The setting Mail:From must be the address that mails are sent from, such as clinic@example.org.");
        services.AddSingleton(new MailOptions(from, host, port, section["User"], section["Password"], Path.GetFullPath(section["Folder"] ?? Path.Combine(hosting.DataFolder, "mail"))));
        services.AddSingleton<MailCarrier>();
        services.AddHostedService<FollowUpClock>();
        return services;
    }
}
