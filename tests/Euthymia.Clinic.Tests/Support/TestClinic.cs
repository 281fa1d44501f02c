using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Euthymia.Pharmacometrics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Euthymia.Clinic.Tests;

public enum Store
{
    Sqlite,
    Postgres,
}

/// <summary>Every storage test runs once for each database.</summary>
public sealed class OnEveryDatabase : TheoryData<Store>
{
    public OnEveryDatabase()
    {
        Add(Store.Sqlite);
        Add(Store.Postgres);
    }
}

/// <summary>A clinic with its own database, a clock that stands still until it is moved, and its people.</summary>
public sealed class TestClinic : IAsyncDisposable
{
    private static readonly SemaphoreSlim TemplateGate = new(1, 1);
    private static string? SqliteTemplate;
    private static string? PostgresTemplate;

    private readonly Store _store;
    private readonly string _name;

    private TestClinic(Store store, string name) => (_store, _name) = (store, name);

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));

    public Actor Lead { get; } = new(Guid.CreateVersion7(), "Dr. Rowan", ClinicRole.Lead);

    /// <summary>A second lead, for what takes two.</summary>
    public Actor Director { get; } = new(Guid.CreateVersion7(), "Dr. Alder", ClinicRole.Lead);

    public Actor Nurse { get; } = new(Guid.CreateVersion7(), "Nurse Hazel", ClinicRole.Nurse);

    public static async Task<TestClinic> Open(Store store, int chairs = 2)
    {
        var name = $"euthymia_{Guid.CreateVersion7():N}";
        await TemplateGate.WaitAsync();
        try
        {
            if (store == Store.Sqlite)
                File.Copy(SqliteTemplate ??= await MakeSqliteTemplate(), SqlitePath(name));
            else
                await Administer($"CREATE DATABASE {name} TEMPLATE {PostgresTemplate ??= await MakePostgresTemplate()}");
        }
        finally
        {
            TemplateGate.Release();
        }

        var clinic = new TestClinic(store, name);
        await using var db = clinic.Db();
        await new ClinicOffice(db).Save(new ClinicSettings { Name = "Test clinic", TimeZone = "Europe/Berlin", Chairs = [.. Enumerable.Range(1, chairs).Select(i => $"Chair {i}")], OpeningHours = "Mon-Sun 00:00-23:59" }, actor: null);
        return clinic;
    }

    public string SqliteFile => SqlitePath(_name);

    public ClinicDb Db() => Make(_store, _name);

    public async Task<T> As<T>(Actor actor, Func<ClinicDb, Actor, Task<T>> act)
    {
        await using var db = Db();
        return await act(db, actor);
    }

    public Task<T> Patients<T>(Func<PatientRegister, Task<T>> act, Actor? actor = null) => As(actor ?? Nurse, (db, a) => act(new PatientRegister(db, Time, a)));

    public Task<T> Courses<T>(Func<CoursePlanner, Task<T>> act, Actor? actor = null) => As(actor ?? Lead, (db, a) => act(new CoursePlanner(db, Time, a)));

    public Task<T> Visits<T>(Func<VisitLog, Task<T>> act, Actor? actor = null) => As(actor ?? Nurse, (db, a) => act(new VisitLog(db, Time, a)));

    public Task<T> Intakes<T>(Func<IntakeBook, Task<T>> act, Actor? actor = null) => As(actor ?? Nurse, (db, a) => act(new IntakeBook(db, Time, a)));

    public Task<T> Eligibility<T>(Func<EligibilityDesk, Task<T>> act, Actor? actor = null) => As(actor ?? Lead, (db, a) => act(new EligibilityDesk(db, Time, a)));

    public Task<T> Consents<T>(Func<ConsentBook, Task<T>> act, Actor? actor = null) => As(actor ?? Lead, (db, a) => act(new ConsentBook(db, Time, a)));

    public Task<T> FollowUps<T>(Func<FollowUp, Task<T>> act, Actor? actor = null) => As(actor ?? Nurse, (db, a) => act(new FollowUp(db, Time, a)));

    public Task<T> Findings<T>(Func<FindingBook, Task<T>> act, Actor? actor = null) => As(actor ?? Lead, (db, a) => act(new FindingBook(db, Time, a)));

    public Task<T> CheckIns<T>(Func<CheckIns, Task<T>> act, Actor? actor = null) => As(actor ?? Nurse, (db, a) => act(new CheckIns(db, Time, a)));

    public Task<T> OnCall<T>(Func<OnCallList, Task<T>> act, Actor? actor = null) => As(actor ?? Lead, (db, a) => act(new OnCallList(db, Time, a)));

    public Task<T> Research<T>(Func<ResearchConsents, Task<T>> act, Actor? actor = null) => As(actor ?? Nurse, (db, a) => act(new ResearchConsents(db, Time, a)));

    public Task<T> Exports<T>(Func<ResearchExport, Task<T>> act, Actor? actor = null) => As(actor ?? Lead, (db, a) => act(new ResearchExport(db, Time, a)));

    public Task<T> Rules<T>(Func<ClinicRules, Task<T>> act, Actor? actor = null) => As(actor ?? Lead, (db, a) => act(new ClinicRules(db, Time, a)));

    /// <summary>A threshold that one lead has proposed and another approved.</summary>
    public async Task<RuleSettings> ChangeRule(string ruleId, string parameter, decimal value)
    {
        var proposal = await Rules(r => r.Propose(ruleId, parameter, value, "for the test"));
        return await As(Director, async (db, director) =>
        {
            await new ClinicRules(db, Time, director).Answer(proposal.Id, ProposalVerdict.Approved);
            return await ClinicRules.Settings(db);
        });
    }

    public static PatientForm Form(string number = "T-1", string weight = "61") => new()
    {
        ClinicNumber = number,
        GivenName = "M.",
        FamilyName = "Birch",
        DateOfBirth = new DateOnly(1980, 5, 17),
        Sex = RecordedSex.Female,
        Diagnosis = Diagnosis.MajorDepressiveDisorder,
        HeightCentimetres = "168",
        WeightKilograms = weight,
    };

    public Task<Patient> AddPatient(string number = "T-1", string weight = "61") => Patients(p => p.Add(Form(number, weight)));

    /// <summary>A patient of 61 kg with a course of six and its visits; the first is today.</summary>
    public async Task<(Patient Patient, Course Course, IReadOnlyList<Visit> Visits)> AddCourse(string number = "T-1", string chair = "Chair 1")
    {
        var patient = await AddPatient(number);
        await Admit(patient.Id);
        var course = await Courses(c => c.Save(patient.Id, new OrderForm()));
        return (patient, course, await Visits(v => v.Schedule(course.Id, new TimeOnly(10, 0), chair)));
    }

    /// <summary>Gives a patient the intake that a first infusion waits for.</summary>
    public async Task Admit(Guid patientId, string? except = null)
    {
        await using var db = Db();
        await Admission.Of(db, Time.GetUtcNow(), patientId, except);
    }

    /// <summary>Starts a visit; its sheets are filled first where they are not.</summary>
    public async Task<AppendResult> Start(Guid visit)
    {
        if (!await this.IsPrepared(visit))
            await this.Prepare(visit);
        return await Visits(v => v.Start(visit, Guid.CreateVersion7(), new MillilitresPerHour(45.75m)));
    }

    public Task<AppendResult> Append(Guid visit, VisitEntry entry, DateTimeOffset? observedAt = null, Guid? id = null) =>
        Visits(v => v.Append(visit, id ?? Guid.CreateVersion7(), entry, observedAt));

    public async ValueTask DisposeAsync()
    {
        if (_store == Store.Postgres)
        {
            await Administer($"DROP DATABASE {_name} WITH (FORCE)");
            return;
        }

        DeleteSqlite(_name);
    }

    private static async Task<string> MakeSqliteTemplate()
    {
        const string Name = "euthymia_template";
        var name = $"{Name}_{Guid.CreateVersion7():N}";
        await using (var db = Make(Store.Sqlite, name))
        {
            await db.Database.MigrateAsync();
            await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) => DeleteSqlite(name);
        return SqlitePath(name);
    }

    private static void DeleteSqlite(string name)
    {
        foreach (var file in Directory.GetFiles(Path.GetTempPath(), $"{name}.db*"))
            File.Delete(file);
    }

    private static async Task<string> MakePostgresTemplate()
    {
        var name = $"euthymia_template_{Guid.CreateVersion7():N}";
        await Administer($"CREATE DATABASE {name}");
        await using var db = Make(Store.Postgres, name);
        await db.Database.MigrateAsync();
        return name;
    }

    /// <summary>For a process of its own on this clinic's database.</summary>
    public string Connection => ConnectionTo(_store, _name);

    private static ClinicDb Make(Store store, string name) => store == Store.Sqlite
        ? new SqliteClinicDb(new DbContextOptionsBuilder<SqliteClinicDb>().UseSqlite(ConnectionTo(store, name)).Options)
        : new PostgresClinicDb(new DbContextOptionsBuilder<PostgresClinicDb>().UseNpgsql(ConnectionTo(store, name)).Options);

    private static string ConnectionTo(Store store, string name) => store == Store.Sqlite
        ? new SqliteConnectionStringBuilder { DataSource = SqlitePath(name), Pooling = false }.ToString()
        : new NpgsqlConnectionStringBuilder(Server()) { Database = name, Pooling = false }.ToString();

    private static async Task Administer(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server()) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string Server()
    {
        var server = Environment.GetEnvironmentVariable("EUTHYMIA_TEST_POSTGRES");
        Assert.SkipUnless(!string.IsNullOrEmpty(server), "EUTHYMIA_TEST_POSTGRES names no PostgreSQL server.");
        return server!;
    }

    private static string SqlitePath(string name) => Path.Combine(Path.GetTempPath(), $"{name}.db");
}

/// <summary>Shorter asserts on refusals.</summary>
public static class Refused
{
    public static async Task<ClinicRuleException> With(string code, Func<Task> act, RefusalKind? kind = null)
    {
        var refusal = await Assert.ThrowsAsync<ClinicRuleException>(act);
        Assert.Contains(code, refusal.Errors.Select(e => e.Code), StringComparer.Ordinal);
        if (kind is not null)
            Assert.Equal(kind, refusal.Kind);
        return refusal;
    }
}
