using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests;

public sealed class StorageTests
{
    [Fact]
    public void No_model_change_waits_for_a_migration()
    {
        using var sqlite = new SqliteClinicDb(new DbContextOptionsBuilder<SqliteClinicDb>().UseSqlite("Data Source=unused.db").Options);
        using var postgres = new PostgresClinicDb(new DbContextOptionsBuilder<PostgresClinicDb>().UseNpgsql("Host=unused").Options);
        Assert.False(sqlite.Database.HasPendingModelChanges());
        Assert.False(postgres.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task Sqlite_keeps_what_it_acknowledged()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        await using var db = clinic.Db();
        await db.Database.OpenConnectionAsync(TestClinic.Cancel);
        async Task<string?> Pragma(string name)
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"PRAGMA {name}";
            return Convert.ToString(await command.ExecuteScalarAsync(TestClinic.Cancel), System.Globalization.CultureInfo.InvariantCulture);
        }

        Assert.Equal("wal", await Pragma("journal_mode"));
        Assert.Equal("2", await Pragma("synchronous")); // FULL
        Assert.Equal("1", await Pragma("foreign_keys"));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task The_database_refuses_to_change_or_delete_what_is_append_only(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (patient, _, visits) = await clinic.AddCourse();
        await clinic.Start(visits[0].Id);
        await clinic.FollowUps(f => f.RecordPhq9(patient.Id, new Phq9Form(Guid.CreateVersion7(), [0, 0, 0, 0, 0, 0, 0, 0, 0])));
        await clinic.As(clinic.Lead, (d, a) => new Euthymia.Clinic.Rules.RuleSignatures(d, clinic.Time, a).Sign(["PRE-04"]));
        await clinic.ChangeRule("MON-01", "interval_infusing", 5);
        await clinic.Consents(c => c.Record(patient.Id, new ConsentEntry(ConsentEvent.Declined, CourseId: null, [], ConsentForm.Current.Version, Note: "wants to think about it")));
        await using var db = clinic.Db();
        foreach (var (table, column) in new[] { ("SignedRules", "SignedByName"), ("ChangedThresholds", "ChangedByName"), ("ProposedThresholds", "ProposedByName"), ("ProposalAnswers", "AnsweredByName"), ("Audit", "AccountName"), ("VisitEvents", "AuthorName"), ("Orders", "OrderedByName"), ("Assessments", "RecordedByName"), ("IntakeSections", "RecordedByName"), ("TeamDecisions", "ReviewerName"), ("Consents", "ClinicianName") })
        {
            foreach (var sql in new[] { $"UPDATE \"{table}\" SET \"{column}\" = 'x'", $"DELETE FROM \"{table}\"" })
            {
                var failure = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlRawAsync(sql, TestClinic.Cancel));
                Assert.Contains($"{table} is append-only", failure.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Moments_are_ordered_and_kept_to_the_millisecond(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await clinic.AddPatient();
        clinic.Time.Advance(TimeSpan.FromTicks(12_345_678));
        for (var i = 0; i < 3; i++)
        {
            var at = clinic.Time.GetUtcNow().AddMinutes(-i).ToOffset(TimeSpan.FromHours(i * 3));
            await clinic.FollowUps(f => f.RecordPhq9(patient.Id, new Phq9Form(Guid.CreateVersion7(), [i, 0, 0, 0, 0, 0, 0, 0, 0], CompletedAt: at)));
        }

        var list = await clinic.FollowUps(f => f.List(patient.Id));
        Assert.Equal([2, 1, 0], list.Select(a => a.Total!.Value));
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 9, 0, 1, 234, TimeSpan.Zero), list[2].CompletedAt);
    }

    [Fact]
    public async Task A_fresh_clinic_has_no_account_and_its_settings_are_the_leads()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        await using var db = clinic.Db();
        var office = new ClinicOffice(db);
        Assert.False(await office.AnyAccount(TestClinic.Cancel));
        Assert.Equal(["lead", "nurse", "patient"], await db.Roles.Select(r => r.Name!).Order().ToListAsync(TestClinic.Cancel));
        var settings = new ClinicSettings { Name = "", TimeZone = "Mars/Olympus", Chairs = [] };
        var refusal = await Refused.With("time_zone_unknown", () => office.Save(settings, clinic.Lead, TestClinic.Cancel));
        Assert.Equal(3, refusal.Errors.Count);
        await Refused.With("forbidden", () => office.Save(settings, clinic.Nurse, TestClinic.Cancel));
    }

    [Theory]
    [InlineData(2026, 3, 29, 2, 30, "2026-03-29T01:30Z")] // skipped by the clocks in Berlin: moved on
    [InlineData(2026, 10, 25, 2, 30, "2026-10-25T00:30Z")] // occurs twice: the first
    [InlineData(2026, 7, 1, 10, 0, "2026-07-01T08:00Z")]
    public void Local_times_are_moments_across_daylight_saving(int year, int month, int day, int hour, int minute, string moment)
    {
        var berlin = new ClinicSettings { TimeZone = "Europe/Berlin" };
        var expected = DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(expected, berlin.MomentOf(new DateOnly(year, month, day), new TimeOnly(hour, minute)));
    }
}
