using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Clinic.Tests;
using Euthymia.Web.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Euthymia.Web.Tests.Hosting;

/// <summary>
/// The whole application on a real port with an empty SQLite database of its own. Derive from it, or share one through a
/// class or assembly fixture; each site costs about a second.
/// </summary>
public class ClinicSite : WebApplicationFactory<Program>, IAsyncLifetime
{
    /// <summary>Of every account that the tests make.</summary>
    public const string Password = "a long test password";

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"euthymia-web-{Guid.NewGuid():N}");

    /// <summary>"http://127.0.0.1:port".</summary>
    public Uri Address { get; private set; } = null!;

    public virtual ValueTask InitializeAsync()
    {
        UseKestrel(0);
        StartServer();
        Address = new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return ValueTask.CompletedTask;
    }

    /// <summary>Works in a service scope of its own, as a request would.</summary>
    public async Task<T> With<T>(Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }

    /// <summary>Makes an account; its name has to be new on this site.</summary>
    public Task<Account> AddAccount(string userName, ClinicRole role, Guid? patientId = null) => With(async services =>
    {
        var account = new Account { UserName = userName, DisplayName = $"Test {userName}", PatientId = patientId };
        var result = await AccountSetup.Create(services.GetRequiredService<UserManager<Account>>(), account, Password, role);
        Assert.True(result.Succeeded, string.Join(' ', result.Errors.Select(e => e.Description)));
        return account;
    });

    /// <summary>Stores the clinic's settings as the first lead would; call it before the first account is made.</summary>
    public Task<ClinicSettings> SetUp(string name = "Test clinic") => With(services => new ClinicOffice(services.GetRequiredService<ClinicDb>())
        .Save(new ClinicSettings { Name = name, TimeZone = "Etc/UTC", Chairs = ["Chair 1", "Chair 2"], CrisisLine = "Test crisis line 000" }, actor: null));

    /// <summary>Adds a patient on behalf of a staff account.</summary>
    public Task<Patient> AddPatient(Account staff, PatientForm form) => With(services => new PatientRegister(
        services.GetRequiredService<ClinicDb>(), services.GetRequiredService<TimeProvider>(), new Actor(staff.Id, staff.DisplayName, ClinicRole.Lead)).Add(form));

    /// <summary>Gives a patient the intake that a first infusion waits for.</summary>
    public Task<Patient> Admit(Patient patient) => With(async services =>
    {
        await Admission.Of(services.GetRequiredService<ClinicDb>(), services.GetRequiredService<TimeProvider>().GetUtcNow(), patient.Id);
        return patient;
    });

    /// <summary>A complete and valid patient; tests change what they are about.</summary>
    public static PatientForm AnyPatient(string clinicNumber, string familyName = "Testwood") => new()
    {
        ClinicNumber = clinicNumber,
        GivenName = "Ash",
        FamilyName = familyName,
        DateOfBirth = new DateOnly(1985, 6, 1),
        Sex = RecordedSex.Female,
        HeightCentimetres = "170",
        WeightKilograms = "70",
        Diagnosis = Diagnosis.TreatmentResistantDepression,
    };

    /// <summary>
    /// The session cookie of an account, as "name=value". It is made as the sign-in page makes it, without the page: the limit on
    /// sign-ins from one address is meant for attackers and would count the whole suite.
    /// </summary>
    public Task<string> SessionOf(Account account) => With(async services =>
    {
        var person = await services.GetRequiredService<SignInManager<Account>>().CreateUserPrincipalAsync(account);
        var cookie = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var ticket = new AuthenticationTicket(person, new AuthenticationProperties { IssuedUtc = now, ExpiresUtc = now.AddHours(8) }, IdentityConstants.ApplicationScheme);
        return $"{cookie.Cookie.Name}={cookie.TicketDataFormat.Protect(ticket)}";
    });

    /// <summary>How many rows each table has, the audit excepted: two such lists tell what was stored in between.</summary>
    public Task<IReadOnlyList<string>> Rows() => With(async services =>
    {
        var db = services.GetRequiredService<ClinicDb>();
        var rows = new List<string>();
        foreach (var table in db.Model.GetEntityTypes().Select(e => e.GetTableName()).OfType<string>().Distinct(StringComparer.Ordinal).Where(t => !string.Equals(t, "Audit", StringComparison.Ordinal)))
        {
            var count = string.Concat("SELECT COUNT(*) AS \"Value\" FROM \"", table, "\""); // a name of the model, not of a person
            rows.Add($"{table}: {await db.Database.SqlQueryRaw<int>(count).SingleAsync()} rows");
        }

        return (IReadOnlyList<string>)rows;
    });

    /// <summary>Somebody at a browser without script. Cookies are kept, redirects are not followed.</summary>
    public Visitor Visit() => new(Address);

    /// <summary>A visitor who is signed in to an account.</summary>
    public async Task<Visitor> VisitAs(Account account)
    {
        var visitor = Visit();
        visitor.Keep(await SessionOf(account));
        return visitor;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools(); // an open pool would hold the file
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("DataFolder", _folder);
        builder.UseSetting("Backup:IsOn", "false"); // a test moves the clock by days
        builder.UseSetting("Disk:ReserveMegabytes", "0");
        builder.UseSetting("Disk:NoStartPercent", "0"); // whatever room this machine has
        foreach (var category in new[] { "Default", "Microsoft.Hosting.Lifetime", "Microsoft.AspNetCore.DataProtection" })
            builder.UseSetting($"Logging:LogLevel:{category}", "Error"); // what is left in the log of the tests is worth reading
    }
}
