using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Patients.LongTerm;
using Euthymia.Clinic.Tests.Forecasts;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests.Courses;

/// <summary>What a patient asks for is stored once, seen by the staff and counted.</summary>
public sealed class PatientWishTests
{
    private static Task<T> Wishes<T>(TestClinic clinic, Actor actor, Func<PatientWishes, Task<T>> act) => clinic.As(actor, (db, a) => act(new PatientWishes(db, clinic.Time, a)));

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_wish_is_stored_once_seen_and_the_second_one_is_a_finding(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (patient, _, visits) = await clinic.AddCourse();
        await clinic.Give(visits[0]);
        var self = new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, patient.Id);
        var form = new WishForm(Guid.CreateVersion7(), [Wish.Stronger, Wish.Sooner], "It fades after two days.");
        var sent = await Wishes(clinic, self, w => w.Send(patient.Id, form));
        Assert.Equal(sent.Id, (await Wishes(clinic, self, w => w.Send(patient.Id, form))).Id); // a tap too many is no second wish
        Assert.Equal(("The next treatment sooner, stronger, please. In own words: It fades after two days.", true), (sent.Note, sent.IsSelfReport));
        Assert.Equal(("M. Birch", sent.Id), Assert.Single((await Wishes(clinic, clinic.Nurse, w => w.Recent())).Select(l => (l.PatientName, l.Record.Id))));
        Task<int> Round() => clinic.As(clinic.Lead, (db, _) => new CourseRound(db, clinic.Time).Run(TestClinic.Cancel));
        Assert.Equal(0, await Round());
        await Wishes(clinic, self, w => w.Send(patient.Id, form with { Id = Guid.CreateVersion7() }));
        Assert.Equal(1, await Round());
        Assert.Equal("MNT-15", await clinic.As(clinic.Lead, (db, _) => db.Findings.Where(f => f.Priority == null).Select(f => f.RuleId).SingleAsync(TestClinic.Cancel)));
        clinic.Time.Advance(TimeSpan.FromDays(15));
        Assert.Empty(await Wishes(clinic, clinic.Nurse, w => w.Recent()));
        Assert.Equal(2, (await Wishes(clinic, self, w => w.Of(patient.Id))).Count);
    }

    [Fact]
    public async Task Only_the_patient_sends_one_and_only_with_a_choice()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        var other = await clinic.AddPatient("T-2");
        var self = new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, patient.Id);
        WishForm Form(params Wish[] wishes) => new(Guid.CreateVersion7(), wishes);
        await Refused.With("required", () => Wishes(clinic, self, w => w.Send(patient.Id, Form())));
        await Refused.With("too_long", () => Wishes(clinic, self, w => w.Send(patient.Id, Form(Wish.Sooner) with { Words = new string('x', 1001) })));
        await Refused.With("not_found", () => Wishes(clinic, self, w => w.Send(other.Id, Form(Wish.Sooner))), RefusalKind.NotFound);
        await Refused.With("forbidden", () => Wishes(clinic, clinic.Nurse, w => w.Send(patient.Id, Form(Wish.Sooner))), RefusalKind.Forbidden);
        await Refused.With("forbidden", () => Wishes(clinic, self, w => w.Recent()), RefusalKind.Forbidden);
        var sent = await Wishes(clinic, self, w => w.Send(patient.Id, Form(Wish.Sooner)));
        var stranger = new Actor(Guid.CreateVersion7(), "T. Elm", ClinicRole.Patient, other.Id);
        await Refused.With("not_found", () => Wishes(clinic, stranger, w => w.Send(other.Id, new WishForm(sent.Id, [Wish.Sooner]))), RefusalKind.NotFound);
    }
}
