using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Euthymia.Web.Hosting;

/// <summary>The demo clinic: filled on a fresh database, its accounts printed on the console.</summary>
public static class DemoHost
{
    public static void PrintWelcome(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        Console.WriteLine(string.Join(' ', addresses));
    }

    public static Task Fill(IServiceProvider services) => Task.CompletedTask;
}
