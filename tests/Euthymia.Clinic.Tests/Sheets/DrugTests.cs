using CsCheck;
using Euthymia.Clinic.Rules;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic.Tests.Sheets;

/// <summary>The drug: its arithmetic, its preparation, the double check, and the ledger.</summary>
public sealed class DrugTests
{
    private static readonly DateOnly Today = new(2026, 3, 2);

    [Fact]
    public void Arithmetic_keeps_mass_and_never_leaves_the_syringe_short()
    {
        var doses = Gen.Select(Gen.Int[5, 100], Gen.Int[3000, 20000], Gen.Int[20, 180], Gen.OneOf(new[] { 10m, 50m, 100m }.Select(Gen.Const).ToArray()), Gen.OneOf(new[] { 0.5m, 1m, 2m, 5m, 10m }.Select(Gen.Const).ToArray()));
        doses.Sample((perKilogram, weight, minutes, vial, concentration) =>
        {
            var dose = new DoseArithmetic(new(perKilogram / 100m), new(weight / 100m), TimeSpan.FromMinutes(minutes), new(vial), new(concentration));
            Assert.Equal(perKilogram * weight / 10000m, dose.Dose.Value);
            Assert.Equal(dose.Dose.Value, dose.Volume.Value * concentration, 18);
            Assert.Equal(dose.Dose.Value, dose.Drawn.Value * vial, 18);
            Assert.Equal(dose.Volume.Value, dose.Rate.Value * minutes / 60, 18);
            Assert.Equal(dose.Volume.Value, dose.Drawn.Value + dose.Diluent.Value, 18);
            Assert.InRange(dose.PumpRate.Value - dose.Rate.Value, -0.005m, 0.005m);
            Assert.True(dose.DrawAtLeast.Value * vial >= dose.Dose.Value);
            Assert.True(dose.DrawAtLeast.Value * vial >= dose.PumpVolume.Value * concentration);
            Assert.True((dose.DrawAtLeast.Value - 0.02m) * vial < dose.Dose.Value + (0.005m * concentration));
            Assert.True(dose.DrawAtLeast.Value * vial <= (dose.FillUpTo(dose.DrawAtLeast).Value + 0.005m) * concentration);
        });
    }

    public static TheoryData<string, DrugPrepared> Wrong()
    {
        var vial = PreparedVisit.Vial(Today);
        return new TheoryData<string, DrugPrepared>
        {
            { "required", vial with { Vial = " " } },
            { "required", vial with { Lot = "" } },
            { "vial_expired", vial with { Expiry = Today.AddDays(-1) } },
            { "vial_strength_unknown", vial with { VialMilligramsPerMillilitre = 20 } },
            { "vial_differs_from_order", vial with { VialMilligramsPerMillilitre = 100, DrawnMillilitres = 0.31m, TotalMillilitres = 31 } },
            { "out_of_range", vial with { VialMillilitres = 0 } },
            { "out_of_range", vial with { VialMillilitres = 101 } },
            { "out_of_range", vial with { DrawnMillilitres = -1 } },
            { "out_of_range", vial with { TotalMillilitres = 1001 } },
            { "drawn_above_vial", vial with { VialMillilitres = 0.6m } },
            { "total_below_drawn", vial with { TotalMillilitres = 0.6m } },
            { "drawn_below_dose", vial with { DrawnMillilitres = 0.6m, TotalMillilitres = 30 } },
            { "total_differs", vial with { TotalMillilitres = 30.52m } },
            { "total_differs", vial with { TotalMillilitres = 305 } },
        };
    }

    [Theory, MemberData(nameof(Wrong))]
    public async Task A_preparation_that_cannot_be_right_is_refused(string code, DrugPrepared prepared)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        await Refused.With("escort_missing", () => clinic.Append(visits[0].Id, PreparedVisit.Vial(Today)));
        await clinic.Append(visits[0].Id, new CheckedBefore(GoNoGoAnswers.AllWell(clinic.Time.GetUtcNow())));
        await Refused.With("weight_missing", () => clinic.Append(visits[0].Id, PreparedVisit.Vial(Today)));
        await clinic.Append(visits[0].Id, new Weighed(61));
        await Refused.With(code, () => clinic.Append(visits[0].Id, prepared));
        Assert.Equal(500, DrugLedger.Of((await clinic.Append(visits[0].Id, PreparedVisit.Vial(Today))).State).Taken.Value);
    }

    [Fact]
    public async Task A_dose_at_todays_weight_outside_the_usual_range_takes_a_reason_and_outside_the_hard_one_nothing()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient("T-1", "165");
        await clinic.Admit(patient.Id);
        var course = await clinic.Courses(c => c.Save(patient.Id, new OrderForm { DosePerKilogram = "0.55" })); // 90.75 mg
        var visit = (await clinic.Visits(v => v.Schedule(course.Id, new TimeOnly(10, 0), "Chair 1")))[0].Id;
        await clinic.Append(visit, new CheckedBefore(GoNoGoAnswers.AllWell(clinic.Time.GetUtcNow())));
        await clinic.Append(visit, new Weighed(200, Confirmed: true)); // 110 mg: above 100, below 200
        var vial = PreparedVisit.Vial(Today) with { DrawnMillilitres = 2.2m, TotalMillilitres = 110 };
        await Refused.With("soft_limit_dose", () => clinic.Append(visit, vial));
        Assert.Equal(110, (await clinic.Append(visit, vial with { Reason = "accepted by Dr. Rowan" })).State.Sheets.Prepared!.Drawn.Value);
        await clinic.Append(visit, new Weighed(345, Confirmed: true));
        await Refused.With("soft_limit_dose", () => clinic.Append(visit, vial with { DrawnMillilitres = 3.8m, TotalMillilitres = 190 }));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(0.1)]
    [InlineData(1.03)]
    [InlineData(0.97)]
    public async Task A_slip_of_the_first_person_is_refused_at_its_field(double factor)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await Refused.With("not_prepared", () => clinic.Append(visit, PreparedVisit.Pump));
        await clinic.Prepare(visit, except: typeof(PumpEntered));
        var by = (decimal)factor;
        var right = PreparedVisit.Pump;
        foreach (var (field, wrong) in new[]
        {
            ("weight", right with { Kilograms = right.Kilograms * by }), ("concentration", right with { MilligramsPerMillilitre = right.MilligramsPerMillilitre * by }),
            ("rate", right with { MillilitresPerHour = right.MillilitresPerHour * by }), ("volume", right with { Millilitres = right.Millilitres * by }),
        })
        {
            var refusal = await Refused.With($"{field}_differs_from_order", () => clinic.ByLead(visit, wrong)); // the lead is the first here
            Assert.Equal(field, Assert.Single(refusal.Errors).Field);
        }

        await Refused.With("not_positive", () => clinic.ByLead(visit, right with { MillilitresPerHour = 0 }));
    }

    // "difference": 2 % of the first person's number.
    [Theory]
    [InlineData(62.22, 1, 45.75, 30.5, true)]
    [InlineData(62.23, 1, 45.75, 30.5, false)]
    [InlineData(61, 1.02, 45.75, 30.5, true)]
    [InlineData(61, 0.979, 45.75, 30.5, false)]
    [InlineData(61, 1, 46.66, 30.5, true)]
    [InlineData(61, 1, 46.67, 30.5, false)]
    [InlineData(61, 1, 45.75, 29.89, true)]
    [InlineData(61, 1, 45.75, 29.88, false)]
    public async Task The_second_check_blocks_above_two_percent_and_nobody_overrides_it(double kilograms, double concentration, double rate, double volume, bool agrees)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Prepare(visit);
        await clinic.ByLead(visit, new PumpEntered((decimal)kilograms, (decimal)concentration, (decimal)rate, (decimal)volume));
        var line = (await clinic.Visits(v => v.Before(visit))).Sheet["DOS-16"]!;
        Assert.Equal(agrees, !line.Blocks);
        if (agrees)
            return;
        Assert.False(line.MayOverride);
        await Refused.With("absolute_stop", () => clinic.ByLead(visit, new StopOverridden("DOS-16", line.Result.Version, line.Found, "I know")));
        await Refused.With("stop_dos_16", () => clinic.Start(visit));
        await clinic.ByLead(visit, PreparedVisit.Pump); // entered again, rightly
        Assert.Equal(VisitPhase.Running, (await clinic.Start(visit)).State.Phase);
    }

    [Fact]
    public async Task One_person_is_never_two()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Prepare(visit, except: typeof(PumpEntered)); // only the lead has entered
        await clinic.ByLead(visit, PreparedVisit.Pump);
        var line = (await clinic.Visits(v => v.Before(visit))).Sheet["DOS-16"]!;
        Assert.True(line is { Blocks: true, MayOverride: true }); // a clinic may have nobody else: a named reason, counted
        await Refused.With("stop_dos_16", () => clinic.Visits(v => v.Start(visit, Guid.CreateVersion7(), new(45.75m))));
        await clinic.Append(visit, PreparedVisit.Pump);
        Assert.True((await clinic.Visits(v => v.Before(visit))).Sheet.MayStart);
        await clinic.Append(visit, new Weighed(61)); // weighed again: the entries before it are void
        Assert.True((await clinic.Visits(v => v.Before(visit))).Sheet["DOS-16"]!.Blocks);
    }

    [Fact]
    public async Task Nobody_rewrites_the_check_of_another_and_a_corrected_preparation_is_checked_again()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Prepare(visit);
        var second = await clinic.ByLead(visit, PreparedVisit.Pump with { MillilitresPerHour = 60 });
        await Refused.With("replacement_other_person", () => clinic.Append(visit, new Amended(second.Event.Id, PreparedVisit.Pump, null, "make it fit")));
        Assert.True((await clinic.Visits(v => v.Before(visit))).Sheet["DOS-16"]!.Blocks);
        await clinic.ByLead(visit, new Amended(second.Event.Id, PreparedVisit.Pump, null, "typed wrong"));
        Assert.False((await clinic.Visits(v => v.Before(visit))).Sheet["DOS-16"]!.Blocks);

        var vial = (await clinic.Visits(v => v.State(visit))).State.Sheets.Preparations[0].Event;
        await Refused.With("drawn_below_dose", () => clinic.Append(visit, new Amended(vial.Id, PreparedVisit.Vial(Today) with { DrawnMillilitres = 0.5m, TotalMillilitres = 25 }, null, "less")));
        Assert.Equal("LOT-8", (await clinic.Append(visit, new Amended(vial.Id, PreparedVisit.Vial(Today) with { Lot = "LOT-8" }, null, "misread"))).State.Sheets.Prepared!.Lot);
        await clinic.Append(visit, new Weighed(70, Confirmed: true));
        var weighed = (await clinic.Visits(v => v.State(visit))).State.Sheets.Weighing!.Event;
        await clinic.Append(visit, new Amended(weighed.Id, new Weighed(61), null, "typed wrong"));
        Assert.True((await clinic.Visits(v => v.Before(visit))).Sheet["DOS-16"]!.Blocks); // weighed after the check: checked again
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task The_ledger_closes_only_when_taken_is_given_wasted_before_a_witness_and_returned(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(20));
        await clinic.Append(visit, new InfusionStopped("asked to stop"));
        async Task<DrugLedger> Ledger() => DrugLedger.Of((await clinic.Visits(v => v.State(visit))).State);
        Assert.Equal(new DrugLedger(new(500), new(15.25m), new(0), new(0), true), await Ledger());
        await clinic.Recover(visit);

        await Refused.With("ledger_open", () => clinic.Append(visit, new VisitCompleted()));
        await Refused.With("amount_above_open", () => clinic.Append(visit, new DrugReturned(484.76m, "safe")));
        await Refused.With("amount_decimals", () => clinic.Append(visit, new DrugReturned(0.001m, "safe")));
        await Refused.With("not_positive", () => clinic.Append(visit, new DrugWasted(0, "bottle")));
        await Refused.With("required", () => clinic.Append(visit, new DrugWasted(1, " ")));
        await clinic.Append(visit, new DrugReturned(469.5m, "safe"));
        var waste = await clinic.Append(visit, new DrugWasted(15.25m, "bottle"));
        Assert.True((await Ledger()).Balances);
        await Refused.With("ledger_open", () => clinic.Append(visit, new VisitCompleted())); // nobody has seen it
        await Refused.With("witness_same_person", () => clinic.Append(visit, new Witnessed(waste.Event.Id)));
        await Refused.With("waste_unknown", () => clinic.ByLead(visit, new Witnessed(Guid.CreateVersion7())));
        await clinic.ByLead(visit, new Witnessed(waste.Event.Id));
        await clinic.Append(visit, new Amended(waste.Event.Id, new DrugWasted(15.2m, "bottle"), null, "read again"));
        var refusal = await Refused.With("ledger_open", () => clinic.Append(visit, new VisitCompleted())); // 0.05 mg short, and the witness saw another amount
        Assert.Contains("0.05", refusal.Message, StringComparison.Ordinal);
        await clinic.Append(visit, new Amended(waste.Event.Id, new DrugWasted(15.25m, "bottle"), null, "was right"));
        await Refused.With("ledger_open", () => clinic.Append(visit, new VisitCompleted()));
        await clinic.ByLead(visit, new Witnessed(waste.Event.Id));
        Assert.Equal(VisitPhase.Completed, (await clinic.Append(visit, new VisitCompleted())).State.Phase);
    }

    [Fact]
    public async Task Drug_that_was_taken_for_a_visit_that_does_not_happen_has_to_be_accounted_for()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        await clinic.Prepare(visits[0].Id);
        async Task<bool> Cancel() => await clinic.Visits(async v =>
        {
            await v.Cancel(visits[0].Id, "patient ill");
            return true;
        });
        await Refused.With("ledger_open", Cancel);
        await clinic.CloseLedger(visits[0].Id);
        Assert.True(await Cancel());
    }

    [Fact]
    public async Task A_rate_corrected_after_the_end_opens_the_ledger_again_and_no_signature_goes_under_it()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(10));
        var rate = await clinic.Append(visit, new RateChanged(30));
        clinic.Time.Advance(TimeSpan.FromMinutes(10));
        await clinic.Append(visit, new InfusionStopped());
        await clinic.Finish(visit);
        await clinic.Append(visit, new SignedOff(SignatureMeaning.Recorded));
        var state = (await clinic.Append(visit, new Amended(rate.Event.Id, new RateChanged(33), null, "pump's log says 33"))).State;
        Assert.Equal(-0.5m, DrugLedger.Of(state).Open.Value);
        Assert.True(SignatureWords.IsOutdated((await clinic.Visits(v => v.State(visit))).Visit, Assert.Single(state.Sheets.Signatures)));
        await Refused.With("ledger_open", () => clinic.Append(visit, new SignedOff(SignatureMeaning.Recorded)));
    }

    [Fact]
    public void Rules_of_the_ledger_say_which_part_is_missing()
    {
        var visit = new Visit();
        Assert.Empty(DrugLedger.Judge(VisitFold.Of(visit, [], default), RuleSettings.Shipped, default));
        VisitEvent[] log = [new() { Id = Guid.CreateVersion7(), Number = 1, Entry = PreparedVisit.Vial(Today) with { Lot = "" } }];
        var results = DrugLedger.Judge(VisitFold.Of(visit, log, default), RuleSettings.Shipped, new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        Assert.Equal(["CDR-01", "CDR-03", "CDR-04"], results.Where(r => r.Stops).Select(r => r.Rule.Id).Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }
}
