using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests;

public sealed class InvitationTests
{
    private static readonly DateOnly Born = new(1980, 5, 17);

    private static Task<FreshInvitation> Make(TestClinic clinic, Guid patientId, Actor? actor = null) =>
        clinic.As(actor ?? clinic.Nurse, (db, a) => new Invitations(db, clinic.Time).Make(a, patientId, TestClinic.Cancel));

    private static Task<Guid> Use(TestClinic clinic, string code, DateOnly? born, string name) => clinic.As(clinic.Nurse, async (db, _) =>
    {
        await using var transaction = await db.Database.BeginTransactionAsync(TestClinic.Cancel);
        var account = new Account { UserName = name, NormalizedUserName = name.ToUpperInvariant(), DisplayName = name };
        db.Users.Add(account);
        await db.SaveChangesAsync(TestClinic.Cancel);
        var patient = await new Invitations(db, clinic.Time).Use(code, born, account, TestClinic.Cancel);
        db.ChangeTracker.Clear();
        await db.Users.Where(u => u.Id == account.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.PatientId, patient), TestClinic.Cancel);
        await transaction.CommitAsync(TestClinic.Cancel);
        return patient;
    });

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_code_works_once_and_only_its_hash_is_stored(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await clinic.AddPatient();
        var fresh = await Make(clinic, patient.Id);
        Assert.Matches("^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$", fresh.Code);
        Assert.DoesNotContain(fresh.Code, fresh.ToString(), StringComparison.Ordinal);
        await using (var db = clinic.Db())
        {
            var stored = await db.Invitations.SingleAsync(TestClinic.Cancel);
            Assert.Equal(64, stored.CodeHash.Length);
            Assert.DoesNotContain(fresh.Code.Replace("-", "", StringComparison.Ordinal), stored.CodeHash, StringComparison.Ordinal);
        }

        Assert.Equal(patient.Id, await Use(clinic, fresh.Code.ToLowerInvariant().Replace('-', ' '), Born, "first"));
        await Refused.With("invitation_refused", () => Use(clinic, fresh.Code, Born, "second"));
        await Refused.With("account_linked", () => Make(clinic, patient.Id), RefusalKind.Conflict);
        await using var after = clinic.Db();
        Assert.Equal("first", (await after.Users.SingleAsync(u => u.PatientId == patient.Id, TestClinic.Cancel)).UserName);
        Assert.False(await after.Users.AnyAsync(u => u.UserName == "second", TestClinic.Cancel));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Of_four_who_use_a_code_at_once_one_gets_in(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await clinic.AddPatient();
        var fresh = await Make(clinic, patient.Id);
        var tries = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            try
            {
                await Use(clinic, fresh.Code, Born, $"user{i}");
                return true;
            }
            catch (Exception refusal) when (refusal is ClinicRuleException or DbUpdateException or Microsoft.Data.Sqlite.SqliteException)
            {
                return false;
            }
        }));
        Assert.Single(tries, won => won);
        await using var db = clinic.Db();
        Assert.Single(await db.Users.Where(u => u.PatientId == patient.Id).ToListAsync(TestClinic.Cancel));
    }

    [Fact]
    public async Task A_late_a_replaced_and_a_made_up_code_are_refused_in_the_same_words()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        var replaced = await Make(clinic, patient.Id);
        var late = await Make(clinic, patient.Id);
        var words = new HashSet<string>(StringComparer.Ordinal);
        async Task Refuse(string code, DateOnly? born) => words.Add((await Refused.With("invitation_refused", () => Use(clinic, code, born, Guid.NewGuid().ToString("N")))).Message);
        await Refuse(replaced.Code, Born);
        await Refuse("0000-0000-0000-0000", Born);
        await Refuse("not a code", Born);
        await Refuse("", Born);
        await Refuse(late.Code, Born.AddDays(1));
        await Refuse(late.Code, null);
        clinic.Time.Advance(Invitations.Lifetime);
        await Refuse(late.Code, Born);
        Assert.Single(words);
        var self = new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, patient.Id);
        await Refused.With("forbidden", () => Make(clinic, patient.Id, self), RefusalKind.Forbidden);
    }

    [Fact]
    public async Task Five_wrong_dates_of_birth_end_a_code()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        var fresh = await Make(clinic, patient.Id);
        for (var i = 1; i <= 5; i++)
            await Refused.With("invitation_refused", () => clinic.As(clinic.Nurse, (db, _) => new Invitations(db, clinic.Time).Check(fresh.Code, Born.AddDays(i), TestClinic.Cancel)));
        await Refused.With("invitation_refused", () => Use(clinic, fresh.Code, Born, "right-at-last"));
        await using var db = clinic.Db();
        Assert.Equal(5, await db.Audit.CountAsync(a => a.Kind == AuditKind.InvitationRefused && a.PatientId == patient.Id, TestClinic.Cancel));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Drafts_and_read_texts_belong_to_the_patient_and_end_with_the_answer(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var own = await clinic.AddPatient("T-1");
        var other = await clinic.AddPatient("T-2");
        var self = new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, own.Id);
        var phq9 = Instrument.Phq9;
        Task<AssessmentDraft> Keep(Guid patient, params int?[] answers) => clinic.As(self, (db, a) => new Drafts(db, clinic.Time, a).Keep(patient, phq9, answers, null, TestClinic.Cancel));
        Task<AssessmentDraft> Get(Guid patient) => clinic.As(self, (db, a) => new Drafts(db, clinic.Time, a).Get(patient, phq9, TestClinic.Cancel));
        await Keep(own.Id, 1, 2, null, null, null, null, null, null, null);
        var kept = await Keep(own.Id, 1, 2, 3, null, null, null, null, null, null);
        Assert.Equal([1, 2, 3, null, null, null, null, null, null], (await Get(own.Id)).Answers);
        await Refused.With("answer_unknown", () => Keep(own.Id, 9, null, null, null, null, null, null, null, null));
        await Refused.With("not_found", () => Keep(other.Id, new int?[9]), RefusalKind.NotFound);
        await Refused.With("not_found", () => Get(other.Id), RefusalKind.NotFound);
        await clinic.FollowUps(f => f.Record(own.Id, new AssessmentForm(kept.Id, "PHQ-9", [0, 0, 0, 0, 0, 0, 0, 0, 0])), self);
        Assert.All((await Get(own.Id)).Answers, a => Assert.Null(a));
        await Keep(own.Id, 1, null, null, null, null, null, null, null, null);
        clinic.Time.Advance(Drafts.Kept);
        Assert.All((await Get(own.Id)).Answers, a => Assert.Null(a)); // yesterday's answers are about other days
        Assert.NotEqual(kept.Id, (await Keep(own.Id, 2, null, null, null, null, null, null, null, null)).Id);

        Task<ReadDocument> Understood(Guid patient, Actor actor) => clinic.As(actor, (db, a) => new ReadDocuments(db, clinic.Time, a).Understood(patient, "ketamine", 1, TestClinic.Cancel));
        Assert.Equal((await Understood(own.Id, self)).Id, (await Understood(own.Id, self)).Id);
        await Refused.With("not_found", () => Understood(other.Id, self), RefusalKind.NotFound);
        await Refused.With("forbidden", () => Understood(own.Id, clinic.Nurse), RefusalKind.Forbidden);
    }
}
