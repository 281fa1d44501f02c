using Euthymia.Clinic;
using Euthymia.Clinic.Demo;
using Euthymia.Clinic.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;

namespace Euthymia.Web.Hosting;

/// <summary>
/// The demo clinic: filled on a fresh database while the first page is already answered, its accounts printed on the console.
/// Nobody can sign in before it is full.
/// </summary>
public sealed class DemoHost(IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, ILogger<DemoHost> log)
{
    /// <summary>Completes when the clinic is full; at once where there is no demo.</summary>
    public Task Filled { get; private set; } = Task.CompletedTask;

    /// <summary>Completes when the patients of earlier years are there, too; nobody has to wait for it.</summary>
    public Task HistoryFilled { get; private set; } = Task.CompletedTask;

    /// <summary>Begins to fill the demo database, if it is empty. A failure stops the server: half a demo would mislead.</summary>
    public void BeginToFill()
    {
        Filled = Work((demo, cancel) => demo.Fill(cancel));
        HistoryFilled = Filled.ContinueWith(_ => Work((demo, cancel) => demo.FillHistory(cancel)), lifetime.ApplicationStopping, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default).Unwrap();
    }

    private Task Work(Func<DemoClinic, CancellationToken, Task> fill) => Task.Run(async () =>
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var services = scope.ServiceProvider;
            await fill(new DemoClinic(services.GetRequiredService<ClinicDb>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<IPasswordHasher<Account>>()), lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure)
        {
            log.LogCritical(failure, "The demo clinic could not be filled. Delete its database file and start again.");
            lifetime.StopApplication();
            throw;
        }
    });

    /// <summary>Tells on the console where the demo is and who can sign in.</summary>
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
