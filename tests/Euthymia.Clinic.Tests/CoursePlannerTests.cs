using CsCheck;
using Euthymia.Pharmacometrics;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests;

public sealed class CoursePlannerTests
{
    private static string Plain(string text) => text.Replace('\u202F', ' ');

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task The_default_order_is_worked_out_in_sentences(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await clinic.AddPatient();
        var preview = await clinic.Courses(c => c.Preview(patient.Id, new OrderForm()));
        Assert.Equal(
            [
                "0.5 mg/kg × 61 kg = 30.5 mg",
                "Infuse: 30.5 mg ÷ 1 mg/mL = 30.5 mL",
                "Pump: 30.5 mL ÷ (40/60 h) = 45.75 mL/h",
                "Draw from the vial: 30.5 mg ÷ 50 mg/mL = 0.61 mL",
                "Add diluent: 30.5 mL − 0.61 mL = 29.89 mL",
            ],
            preview.Working.Select(Plain), StringComparer.Ordinal);
        Assert.False(preview.NeedsReason);
        Assert.False(preview.IsRefused);
        Assert.Equal([0, 2, 4, 7, 9, 11], preview.Order.Days);
        await using var db = clinic.Db();
        Assert.False(await db.Courses.AnyAsync(TestClinic.Cancel));
    }

    [Fact]
    public void A_rounded_result_says_that_it_is_rounded()
    {
        var arithmetic = new DoseArithmetic(new(0.5m), new(61.3m), TimeSpan.FromMinutes(45), new(50), new(0.7m));
        Assert.Equal("Pump: 43.79 mL ÷ (45/60 h) = 58.38 mL/h (rounded)", Plain(arithmetic.Working()[2]));
        Assert.Equal(58.38m, arithmetic.PumpRate.Value);
    }

    [Theory]
    [InlineData("5", "40", "1", "dose", "hard_limit_dose_per_kilogram")]
    [InlineData("1.01", "40", "1", "dose", "hard_limit_dose_per_kilogram")]
    [InlineData("0.04", "40", "1", "dose", "hard_limit_dose_per_kilogram")]
    [InlineData("0.76", "40", "1", "dose", "soft_limit_dose_per_kilogram")]
    [InlineData("0.5", "0", "1", "duration", "not_positive")]
    [InlineData("0.5", "19", "1", "duration", "hard_limit_duration")]
    [InlineData("0.5", "39", "1", "duration", "soft_limit_duration")]
    [InlineData("0.5", "400", "1", "duration", "hard_limit_duration")]
    [InlineData("0.5", "40", "50", "concentration", "hard_limit_concentration")]
    [InlineData("0.5", "40", "60", "concentration", "concentration_above_vial")]
    [InlineData("0.5", "40", "0.04", "concentration", "hard_limit_pump_rate")]
    [InlineData(".5", "40", "1", "dose", "number_format")]
    [InlineData("0,5", "40", "1", "dose", "number_format")]
    [InlineData("0.5", "1e2", "1", "duration", "number_format")]
    public async Task A_value_outside_the_limits_is_refused_at_its_field(string dose, string duration, string concentration, string field, string code)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        var form = new OrderForm { DosePerKilogram = dose, DurationMinutes = duration, Concentration = concentration };
        var refusal = await Refused.With(code, () => clinic.Courses(c => c.Save(patient.Id, form)), RefusalKind.Invalid);
        Assert.Equal(field, refusal.Errors.Single(e => string.Equals(e.Code, code, StringComparison.Ordinal)).Field);
        if (code.StartsWith("hard", StringComparison.Ordinal))
            await Refused.With(code, () => clinic.Courses(c => c.Save(patient.Id, form with { Reason = "I insist" })));
        await using var db = clinic.Db();
        Assert.False(await db.Orders.AnyAsync(TestClinic.Cancel));
    }

    [Theory]
    [InlineData("", "days_format")]
    [InlineData("0,a", "days_format")]
    [InlineData("0,2.5", "days_format")]
    [InlineData("1,3", "days_start")]
    [InlineData("0,2,2", "days_order")]
    [InlineData("0,4,2", "days_order")]
    [InlineData("0,1", "hard_limit_spacing")]
    [InlineData("0,400", "days_too_many")]
    public async Task Days_that_make_no_course_are_refused(string days, string code)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        await Refused.With(code, () => clinic.Courses(c => c.Save(patient.Id, new OrderForm { Days = days })), RefusalKind.Invalid);
    }

    [Fact]
    public void Ten_times_any_order_above_a_tenth_is_stopped_by_a_hard_limit()
    {
        var orders = Gen.Select(Gen.Int[11, 75], Gen.Int[400, 2000], Gen.Int[40, 100], (dose, weight, minutes) =>
            (Dose: dose / 100m, Weight: weight / 10m, Minutes: minutes));
        orders.Sample(o =>
        {
            DoseArithmetic Order(decimal factor) => new(new(o.Dose * factor), new(o.Weight), TimeSpan.FromMinutes(o.Minutes), new(50), new(1));
            var asMeant = DoseLimits.Current.Check(Order(1));
            var tenfold = DoseLimits.Current.Check(Order(10));
            var tenth = DoseLimits.Current.Check(Order(0.1m));
            return asMeant.All(c => c.Level != LimitLevel.Hard)
                && tenfold.Any(c => c.Level == LimitLevel.Hard)
                && tenth.Any(c => c.Level != LimitLevel.Within);
        }, iter: 10_000);
    }

    [Fact]
    public void Limits_are_inclusive()
    {
        var limits = DoseLimits.Current;
        foreach (var limit in limits.All)
        {
            Assert.Equal(LimitLevel.Within, limits.Check(limit.Id, limit.SoftLow).Level);
            Assert.Equal(LimitLevel.Within, limits.Check(limit.Id, limit.SoftHigh).Level);
            Assert.NotEqual(LimitLevel.Hard, limits.Check(limit.Id, limit.HardLow).Level);
            Assert.NotEqual(LimitLevel.Hard, limits.Check(limit.Id, limit.HardHigh).Level);
            Assert.Equal(LimitLevel.Hard, limits.Check(limit.Id, limit.HardLow - 0.001m).Level);
            Assert.Equal(LimitLevel.Hard, limits.Check(limit.Id, limit.HardHigh + 0.001m).Level);
            Assert.NotEmpty(limit.Source);
            Assert.NotEmpty(limit.Status);
        }
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task An_amendment_keeps_the_version_before_it(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (patient, course, _) = await clinic.AddCourse();
        var form = OrderForm.Of(course) with { DosePerKilogram = "0.6" };
        await Refused.With("reason_required", () => clinic.Courses(c => c.Amend(course.Id, 1, form)));
        var amended = await clinic.Courses(c => c.Amend(course.Id, 1, form with { Reason = "No response after two" }));
        Assert.Equal([1, 2], amended.Orders.Select(o => o.Version));
        Assert.Equal(0.5m, amended.Orders[0].DosePerKilogram.Value);
        Assert.Equal(new MilligramsPerKilogram(0.6m), amended.Order.DosePerKilogram);
        await Refused.With("changed_by_another", () => clinic.Courses(c => c.Amend(course.Id, 1, form with { Reason = "again" })), RefusalKind.Conflict);
        Assert.Equal(amended.Id, Assert.Single(await clinic.Courses(c => c.OfPatient(patient.Id))).Id);
    }

    [Fact]
    public async Task A_dose_needs_a_weight()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.Patients(p => p.Add(TestClinic.Form() with { WeightKilograms = null }));
        await Refused.With("weight_missing", () => clinic.Courses(c => c.Preview(patient.Id, new OrderForm())));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Decimals_come_back_digit_for_digit(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await clinic.AddPatient(weight: "61.07");
        var saved = await clinic.Courses(c => c.Save(patient.Id, new OrderForm { DosePerKilogram = "0.5003", Concentration = "0.7001" }));
        var order = (await clinic.Courses(c => c.Get(saved.Id))).Order;
        Assert.Equal(0.5003m, order.DosePerKilogram.Value);
        Assert.Equal(0.7001m, order.Concentration.Value);
        Assert.Equal(0.5003m * 61.07m, order.Arithmetic.Dose.Value);
        Assert.Equal(0.5003m * 61.07m * 6, order.Regimen().Dose.Value);
    }
}
