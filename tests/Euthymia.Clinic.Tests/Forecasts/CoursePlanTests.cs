using Euthymia.Clinic.Forecasts;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic.Tests.Forecasts;

/// <summary>Options around an order, and what each becomes as an order.</summary>
public sealed class CoursePlanTests
{
    private static async Task<CoursePlan> Plan(TestClinic clinic, Guid patientId, OrderForm form, int given = 0, PlanLevers? levers = null)
    {
        var model = await clinic.Model(patientId);
        var preview = await clinic.Courses(c => c.Preview(patientId, form));
        return CoursePlan.Of(model.Estimate, model.Data, form, preview.Order, given, clinic.Time.GetUtcNow().AddHours(1), levers ?? new PlanLevers(), model.Scale, TestClinic.Cancel);
    }

    [Fact]
    public async Task Options_have_numbers_and_are_orders_that_keep_the_limits()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Infused.Total(18)));
        var plan = await Plan(clinic, patient.Id, new OrderForm());
        Assert.InRange(plan.Others.Count, 12, 60);
        Assert.Contains(plan.Others, o => o.Regimen.IsEfficient);
        Assert.All(plan.Others, o => Assert.Equal([14, 28], o.Regimen.OnDays.Select(d => d.Day)));
        Assert.All(plan.Others, o => Assert.InRange(o.Regimen.OnDays[1].Response, 0.01, 0.99));
        Assert.Equal(plan.Others[0].Regimen.Response, plan.Others[0].Regimen.OnDays[1].Response);
        foreach (var option in plan.Others)
        {
            var preview = await clinic.Courses(c => c.Preview(patient.Id, option.Form!));
            Assert.False(preview.IsRefused);
            Assert.False(preview.NeedsReason);
            Assert.Equal((double)option.Regimen.TotalDose.Value, (double)preview.Order.Arithmetic.Dose.Value * preview.Order.Days.Count, 0.01);
        }

        Assert.NotNull(plan.First);
        Assert.Equal("PHQ-9", plan.Score.Scale.Name);
        Assert.Equal(6, plan.Score.ToCome.Count);
        Assert.All(plan.Score.Score.High, value => Assert.InRange(value, 0, 27));
    }

    [Fact]
    public async Task More_dose_means_more_pressure_and_no_less_response()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        var low = await Plan(clinic, patient.Id, new OrderForm { DosePerKilogram = "0.3" });
        var high = await Plan(clinic, patient.Id, new OrderForm { DosePerKilogram = "0.75" });
        Assert.True(high.First!.Systolic.Median.Max() > low.First!.Systolic.Median.Max() + 3);
        Assert.True(high.Own.Regimen.Response >= low.Own.Regimen.Response);
        Assert.Contains("population only", low.Basis[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_given_stays_and_only_the_rest_is_weighed()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (patient, _, visits) = await clinic.AddCourse();
        await clinic.Give(visits[0]);
        await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Infused.Total(12)));
        var plan = await Plan(clinic, patient.Id, new OrderForm(), given: 1);
        Assert.Equal(5, plan.Own.Regimen.Visits);
        Assert.All(plan.Others, o => Assert.StartsWith("0,2", o.Form!.Days, StringComparison.Ordinal));
        Assert.Contains("observations of this patient", plan.Basis[0], StringComparison.Ordinal);
        var none = await Assert.ThrowsAsync<InvalidInputException>(() => Plan(clinic, patient.Id, new OrderForm { Days = "0" }, given: 1));
        Assert.Equal("nothing-to-come", none.Code);
    }

    [Theory]
    [InlineData(Route.Oral)]
    [InlineData(Route.Intranasal)]
    [InlineData(Route.IntravenousBolus)]
    public async Task A_route_without_data_gets_a_sentence_and_no_number(Route route)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        var plan = await Plan(clinic, patient.Id, new OrderForm(), levers: new PlanLevers(route));
        Assert.StartsWith("No numbers:", plan.Own.Regimen.Withheld, StringComparison.Ordinal);
        Assert.True(double.IsNaN(plan.Own.Regimen.Response));
        Assert.Null(plan.First);
        Assert.Null(plan.Own.Form);
        Assert.Contains(plan.Others, o => o.Regimen.IsEfficient);
    }

    [Theory]
    [InlineData(ProfileShape.Stepped)]
    [InlineData(ProfileShape.TargetControlled)]
    public async Task A_shape_that_no_order_holds_is_compared_within_the_pumps_limit_but_not_orderable(ProfileShape shape)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var patient = await clinic.AddPatient();
        var plan = await Plan(clinic, patient.Id, new OrderForm(), levers: new PlanLevers(Shape: shape, TargetNanograms: 100));
        Assert.Null(plan.Own.Form);
        Assert.True(plan.Own.Regimen.Segments.Count > 1);
        Assert.All(plan.Own.Regimen.Segments, s => Assert.InRange(s.Rate, 0.01, (double)CoursePlan.MostMilligramsPerHour.Value));
        Assert.NotNull(plan.First);
    }

    [Fact]
    public async Task A_patient_outside_the_models_gets_no_number()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (patient, _, visits) = await clinic.AddCourse();
        await clinic.Append(visits[0].Id, new CheckedBefore(new BeforeAnswers { CouldBePregnant = true, PregnancyTest = PregnancyTest.Positive, PregnancyTestAt = clinic.Time.GetUtcNow() }));
        var refusal = await Assert.ThrowsAsync<InvalidInputException>(() => Plan(clinic, patient.Id, new OrderForm()));
        Assert.Equal("outside-model-range", refusal.Code);
        Assert.Contains("pregnancy", refusal.Message, StringComparison.Ordinal);
    }
}
