using Euthymia.Clinic;
using Euthymia.Clinic.Demo;
using Euthymia.Clinic.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;

namespace Euthymia.Web.Hosting;

/// <summary>The demo clinic: filled on a fresh database, its accounts printed on the console.</summary>
public static class DemoHost
{
    /// <summary>Fills the demo database when it is empty.</summary>
    public static Task Fill(IServiceProvider services) =>
        new DemoClinic(services.GetRequiredService<ClinicDb>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<IPasswordHasher<Account>>()).Fill();

    public static void PrintWelcome(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        Console.WriteLine();
        Console.WriteLine($"Euthymia demo clinic (synthetic patients): open {string.Join(" or ", addresses)}");
        Console.WriteLine($"Sign in with one of these, password {DemoClinic.Password}");
        foreach (var account in DemoClinic.Accounts)
            Console.WriteLine($"  {account.UserName,-8} {account.DisplayName}, {account.Role.Name()}");
        Console.WriteLine("Ctrl+C stops it. It answers on this machine only.");
        Console.WriteLine();
    }
}
