namespace Euthymia.Web.Hosting;

/// <summary>
/// How this server runs: where its data is, which database, whether it is a demo. Read once from the command line,
/// the environment and appsettings.json.
/// </summary>
public sealed record HostingOptions(bool IsDemo, string DataFolder, string? PostgresConnection, bool RequireHttps)
{
    /// <summary>Bytes of a request's body. No form needs a thousandth of it: a text that is too long is to be answered at its field, not by a broken page.</summary>
    public const int LargestRequest = 32 * 1024 * 1024;

    /// <summary>Starts the demo clinic.</summary>
    public const string DemoSwitch = "--demo";

    /// <summary>Folder with the wording that the clinic has a licence for; null where it has none.</summary>
    public string? ContentPack { get; init; }

    /// <summary>Address under which patients reach this site, ending in a slash; null where it is not set, and mails then carry no link.</summary>
    public string? PublicAddress { get; init; }

    private const string DefaultAddress = "http://localhost:5080";

    /// <summary>Path of the SQLite file; the demo keeps to its own.</summary>
    public string DatabaseFile => Path.Combine(DataFolder, IsDemo ? "demo.db" : "euthymia.db");

    /// <summary>Reads the options and sets the addresses to listen on.</summary>
    /// <exception cref="InvalidOperationException">The demo was asked to listen beyond this machine.</exception>
    public static HostingOptions Read(WebApplicationBuilder builder, IReadOnlyList<string> arguments)
    {
        var configuration = builder.Configuration;
        var isDemo = arguments.Contains(DemoSwitch, StringComparer.Ordinal) || configuration.GetValue("Demo", false);
        var addresses = (configuration[WebHostDefaults.ServerUrlsKey] ?? DefaultAddress).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // The demo's accounts are printed on the console, so nobody else may reach it.
        if (isDemo && addresses.Any(address => !IsLoopback(address)))
            throw new InvalidOperationException("The demo clinic listens on this machine only. Leave --urls out, or use http://localhost with a port.");
        builder.WebHost.UseUrls(addresses);

        return new HostingOptions(
            isDemo,
            Path.GetFullPath(configuration["DataFolder"] ?? "data"),
            isDemo ? null : configuration.GetConnectionString("Postgres"),
            addresses.Any(address => !IsLoopback(address)) || configuration.GetValue("RequireHttps", false))
        {
            ContentPack = configuration["ContentPack"] is { Length: > 0 } folder ? Path.GetFullPath(folder) : null,
            PublicAddress = Address(configuration["PublicAddress"]),
        };
    }

    private static string? Address(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http")
            return address.ToString().TrimEnd('/') + "/";
        throw new InvalidOperationException("The setting PublicAddress is not an address. Write it like https://clinic.example.org.");
    }

    private static bool IsLoopback(string address) =>
        Uri.TryCreate(address.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri) && uri.IsLoopback;
}
