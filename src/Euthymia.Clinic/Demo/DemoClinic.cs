using System.Globalization;
using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Demo;

/// <summary>An account of the demo clinic, to be shown to whoever tries it.</summary>
public sealed record DemoAccount(string UserName, string DisplayName, ClinicRole Role);

/// <summary>
/// Fills an empty database with a clinic of invented patients at every stage of a course, through the same services as real work.
/// The same patients every time; only the dates follow the clock.
/// </summary>
public sealed class DemoClinic(ClinicDb db, TimeProvider time, IPasswordHasher<Account> hasher)
{
    /// <summary>Known to everybody, which is why the demo listens on the loopback interface only.</summary>
    public const string Password = "euthymia-demo-2026";

    private const ulong Seed = 20260101;

    private static readonly string[] Chairs = ["Chair 1", "Chair 2", "Chair 3", "Chair 4"];
    private static readonly string[] Medications = ["sertraline 100 mg", "venlafaxine 150 mg", "lithium 600 mg", "quetiapine 50 mg", "amlodipine 5 mg"];
    private static readonly string[] Treatments = ["escitalopram, 10 weeks, no response", "venlafaxine, 12 weeks, partial response", "bupropion, 8 weeks, stopped for anxiety", "cognitive behavioural therapy, 20 sessions"];

    private readonly DemoClock _clock = new(Clock.Cut(time.GetUtcNow()));
    private readonly DateTimeOffset _now = Clock.Cut(time.GetUtcNow());
    private readonly ClinicSettings _settings = new()
    {
        Name = "Arboretum demo clinic",
        TimeZone = "Etc/UTC",
        Chairs = Chairs,
        CrisisLine = "Demo only: in an emergency call your local emergency number.",
        DoseCapMilligrams = 100,
        OpeningHours = "Mon-Fri 08:00-17:00",
        OnCallMail = "on-call@demo.invalid",
        PatientInstructions = "Eat, drink and take your other medicines as your doctor has told you.\nBring somebody who takes you home.",
        IsDemo = true,
    };

    /// <summary>The people who can sign in, all with <see cref="Password"/>.</summary>
    public static IReadOnlyList<DemoAccount> Accounts { get; } =
    [
        new("lead", "Dr. L. Ginkgo", ClinicRole.Lead),
        new("director", "Dr. C. Sequoia", ClinicRole.Lead),
        new("nurse", "N. Magnolia", ClinicRole.Nurse),
        new("patient", "H. Elm", ClinicRole.Patient),
    ];

    /// <summary>Does nothing when the database already has an account.</summary>
    public async Task Fill(CancellationToken cancel = default)
    {
        if (await new ClinicOffice(db).AnyAccount(cancel))
            return;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        db.Database.AutoSavepointsEnabled = false; // nothing is retried here: any failure undoes the whole demo
        var actors = await AddAccounts(cancel);
        await new ClinicOffice(db).Save(_settings, actors[ClinicRole.Lead], cancel);
        _clock.Now = _now.AddDays(-120);
        await new RuleSignatures(db, _clock, actors[ClinicRole.Lead]).Sign([.. RuleBook.All.Where(rule => rule.MustBeSigned).Select(rule => rule.Id)], cancel);
        await ChangeLimits(actors[ClinicRole.Lead], cancel);
        for (var i = 0; i < DemoPatients.All.Count; i++)
            await Tell(DemoPatients.All[i], i, actors, cancel);
        // The background round is off in the demo: what it would have found is found once.
        _clock.Now = _now;
        await new CourseRound(db, _clock).Run(cancel);
        await transaction.CommitAsync(cancel);
        db.Database.AutoSavepointsEnabled = true;
    }

    /// <summary>Adds the patients of earlier years, for the clinic's results; the clinic can be used meanwhile. Does nothing when they are there.</summary>
    public async Task FillHistory(CancellationToken cancel = default)
    {
        var nurse = await db.Users.AsNoTracking().SingleAsync(a => a.UserName == "nurse", cancel);
        await new DemoHistory(db, _now, _settings, new Actor(nurse.Id, nurse.DisplayName, ClinicRole.Nurse)).Add(cancel);
    }

    private async Task<Dictionary<ClinicRole, Actor>> AddAccounts(CancellationToken cancel)
    {
        var actors = new Dictionary<ClinicRole, Actor>();
        // One hash for all: it is slow on purpose, and the password is no secret.
        var passwordHash = hasher.HashPassword(new Account(), Password);
        foreach (var demo in Accounts)
        {
            var account = new Account
            {
                UserName = demo.UserName,
                NormalizedUserName = demo.UserName.ToUpperInvariant(),
                DisplayName = demo.DisplayName,
                LockoutEnabled = true,
                SecurityStamp = Guid.NewGuid().ToString("N"),
                PasswordHash = passwordHash,
            };
            db.Users.Add(account);
            db.UserRoles.Add(new IdentityUserRole<Guid> { UserId = account.Id, RoleId = ClinicRoles.IdOf(demo.Role) });
            actors.TryAdd(demo.Role, new Actor(account.Id, demo.DisplayName, demo.Role));
        }

        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return actors;
    }

    // One limit that two people have changed, and one that waits for the second.
    private async Task ChangeLimits(Actor lead, CancellationToken cancel)
    {
        var account = await db.Users.AsNoTracking().SingleAsync(a => a.UserName == "director", cancel);
        var director = new Actor(account.Id, account.DisplayName, ClinicRole.Lead);
        _clock.Now = _now.AddDays(-100);
        var approved = await new ClinicRules(db, _clock, lead).Propose("PRE-11", "hours", 48, "Two patients were still unwell the day after.", cancel);
        _clock.Now = _now.AddDays(-99);
        await new ClinicRules(db, _clock, director).Answer(approved.Id, ProposalVerdict.Approved, cancel);
        _clock.Now = _now.AddDays(-1);
        await new ClinicRules(db, _clock, director).Propose("MON-01", "interval_infusing", 5, "Closer readings while the new nurse learns.", cancel);
    }

    /// <summary>One patient's story from referral to the present moment.</summary>
    private async Task Tell(DemoPatient demo, int index, Dictionary<ClinicRole, Actor> actors, CancellationToken cancel)
    {
        var deviates = new Deviates(Seed, (ulong)index);
        var lead = actors[ClinicRole.Lead];
        var nurse = actors[ClinicRole.Nurse];
        var first = FirstInfusion(demo, index);
        _clock.Now = demo.Stage == DemoStage.Planned ? _now.AddDays(-1) : first.AddDays(-2).AddHours(-1);
        var patient = await new PatientRegister(db, _clock, nurse).Add(Form(demo, index), cancel);
        var patientActor = new Actor(actors[ClinicRole.Patient].AccountId, $"{demo.Initial} {demo.Tree}", ClinicRole.Patient, patient.Id);
        var author = Is(demo, DemoPatients.OwnAccount) ? patientActor : nurse;
        if (Is(demo, DemoPatients.OwnAccount))
            await new PatientRegister(db, _clock, lead).LinkAccount(patient.Id, patientActor.AccountId, cancel);
        db.ChangeTracker.Clear();
        var response = new DemoResponse(demo, deviates);
        if (!Is(demo, DemoPatients.JustReferred))
            await Ask(patient, response, author, 0, cancel);
        await new DemoIntake(db, _clock, nurse, lead).Refer(demo, patient.Id, index, cancel);
        if (demo.Stage == DemoStage.Referred)
            return;

        var course = await new CoursePlanner(db, _clock, lead).Save(patient.Id, new OrderForm { FirstDay = _settings.DayOf(first) }, cancel);
        var visits = await new VisitLog(db, _clock, lead).Schedule(course.Id, TimeOnly.FromTimeSpan(first.TimeOfDay), Chairs[index % Chairs.Length], cancel);
        await Infuse(demo, patient, course.Order, visits, response, (nurse, lead), author, deviates, cancel);
        await AfterCourse(demo, patient, visits[^1], response, author, lead, cancel);
        await new DemoDecisions(db, _clock).Tell(demo, course, visits, _now, actors, cancel);
    }

    private async Task Infuse(
        DemoPatient demo, Patient patient, InfusionOrder order, IReadOnlyList<Visit> visits, DemoResponse response, (Actor Nurse, Actor Lead) staff, Actor author, Deviates deviates, CancellationToken cancel)
    {
        var running = demo.Stage is DemoStage.Running or DemoStage.Recovering ? 1 : 0;
        var recorder = new DemoVisit(_clock, new VisitLog(db, _clock, staff.Nurse), new VisitLog(db, _clock, staff.Lead), deviates with { Stream = deviates.Stream + 1000 });
        foreach (var visit in visits.Take(demo.Given + running))
        {
            if (visit.NumberInCourse == 1)
            {
                _clock.Now = visit.ScheduledAt.AddMinutes(-40); // the baseline of the day
                await Ask(patient, response, author, 0, cancel);
            }

            var dose = await recorder.Run(visit, patient, order, _now, demo.Twist);
            response.Infused(visit.ScheduledAt, dose);
            if (visit.NumberInCourse is 2 or 4 && visit.ScheduledAt.AddDays(1) < _now)
            {
                _clock.Now = visit.ScheduledAt.AddDays(1);
                await Ask(patient, response, author, 0, cancel);
            }
        }

        if (Is(demo, DemoPatients.Item9))
        {
            _clock.Now = _now.AddHours(-3);
            await Ask(patient, response, author, 1, cancel);
        }
    }

    private async Task AfterCourse(DemoPatient demo, Patient patient, Visit last, DemoResponse response, Actor author, Actor lead, CancellationToken cancel)
    {
        for (var week = 0; week <= demo.WeeksAfter && demo.Stage == DemoStage.FollowUp; week++)
        {
            _clock.Now = last.ScheduledAt.AddDays(1 + (7 * week));
            if (_clock.Now > _now)
                return;
            var flagged = Is(demo, DemoPatients.Item9Closed) && week == 1;
            var result = await Ask(patient, response, author, flagged ? 1 : 0, cancel);
            foreach (var finding in result.Findings.Where(f => flagged && f.RuleId.StartsWith("SUI-", StringComparison.Ordinal)))
            {
                _clock.Now = _clock.Now.AddHours(2);
                await new FindingBook(db, _clock, lead).Close(finding.Id, "Telephoned the same day: passing thoughts, no plan, safety plan reviewed with the partner present.", cancel);
            }
        }
    }

    private Task<AssessmentResult> Ask(Patient patient, DemoResponse response, Actor author, int item9, CancellationToken cancel) =>
        new FollowUp(db, _clock, author).RecordPhq9(patient.Id, new Phq9Form(Guid.CreateVersion7(_clock.Now), response.Answers(_clock.Now, item9), Difficulty: 1), cancel);

    /// <summary>When the first infusion is or was, so that the patient has come as far as the stage says.</summary>
    private DateTimeOffset FirstInfusion(DemoPatient demo, int index)
    {
        int[] days = [0, 2, 4, 7, 9, 11];
        var slot = TimeSpan.FromMinutes(10 * (index / Chairs.Length));
        var morning = new DateTimeOffset(_now.UtcDateTime.Date, TimeSpan.Zero).AddHours(9) + slot;
        var minute = new DateTimeOffset(_now.UtcTicks - (_now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        return demo.Stage switch
        {
            DemoStage.Running => minute.AddMinutes(-17).AddDays(-days[demo.Given]),
            DemoStage.Recovering => minute.AddMinutes(-58).AddDays(-days[demo.Given]),
            DemoStage.DueToday => minute.AddMinutes(25 + (35 * (index % 3))).AddDays(-days[demo.Given]),
            DemoStage.InCourse => morning.AddDays(-days[demo.Given - 1] - 1),
            DemoStage.Planned => morning.AddDays(2 + (index % 4)),
            DemoStage.FollowUp => morning.AddDays(-days[^1] - 2 - (7 * demo.WeeksAfter)),
            _ => morning,
        };
    }

    private static PatientForm Form(DemoPatient demo, int index) => new()
    {
        ClinicNumber = string.Create(CultureInfo.InvariantCulture, $"DEMO-{index + 1:000}"),
        GivenName = demo.Initial,
        FamilyName = demo.Tree,
        DateOfBirth = new DateOnly(2026 - demo.Age, 1 + (index % 12), 1 + index),
        Sex = demo.Sex,
        HeightCentimetres = demo.Height.ToString(CultureInfo.InvariantCulture),
        Diagnosis = demo.Diagnosis,
        PriorTreatments = RecordedList.Of(Treatments.Take(1 + (index % Treatments.Length))),
        Medication = index % 5 == 4 ? RecordedList.NoneKnown : RecordedList.Of(Medications[index % 5]),
        Allergies = (index % 3) switch { 0 => RecordedList.NoneKnown, 1 => RecordedList.NotRecorded, _ => RecordedList.Of("penicillin: rash") },
        WeightKilograms = demo.Weight == 0 ? null : demo.Weight.ToString(CultureInfo.InvariantCulture),
    };

    private static bool Is(DemoPatient demo, string twist) => string.Equals(demo.Twist, twist, StringComparison.Ordinal);
}
