using System.Globalization;
using Euthymia.Clinic;
using Euthymia.Clinic.Forecasts;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Individualisation;
using Euthymia.Pharmacometrics.Planning;
using Euthymia.Web.Hosting;
using Microsoft.AspNetCore.Components;
using Route = Euthymia.Pharmacometrics.Route;

namespace Euthymia.Web.Pages.Courses;

/// <summary>The part of planning that asks the patient's own model.</summary>
public sealed partial class PlanCoursePage
{
    private const double LeastTarget = 10;
    private const double MostTarget = 1000;
    private const double LeastSystolic = 120;
    private const double MostSystolic = 250;
    private const int NumberLength = 12;

    // The model takes part of a second as a rule; only what takes longer is announced.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly double[] Intervals = [7, 14, 21, 28, 42, 56];

    private static readonly (ProfileShape Shape, string Name)[] Shapes =
        [(ProfileShape.Constant, "Constant"), (ProfileShape.Stepped, "Three steps"), (ProfileShape.TargetControlled, "Target-controlled")];

    private static readonly (Route Route, string Name)[] Routes =
    [
        (Route.IntravenousInfusion, "Infusion"), (Route.IntravenousBolus, "Bolus into a vein"), (Route.Intramuscular, "Into a muscle"), (Route.Subcutaneous, "Under the skin"),
        (Route.Intranasal, "Into the nose"), (Route.Oral, "By mouth"), (Route.Sublingual, "Under the tongue"),
    ];

    private PlanLevers _levers = new();
    private string _target = "150";
    private string _systolicLimit = "180";
    private ClinicSettings _clinic = new();
    private PatientModel? _model;
    private ForecastRecord? _record;
    private CoursePlan? _plan;
    private Maintenance? _maintenance;
    private ForecastPicture? _infusionPicture;
    private ForecastPicture? _scorePicture;
    private string? _unanswered;
    private string? _chosen;
    private int _given;
    private bool _slow;

    [Inject]
    private IndividualModels Models { get; set; } = null!;

    [Inject]
    private HeavyWork Heavy { get; set; } = null!;

    private bool IsStale => _slow || _preview is null || _preview.IsRefused;

    private static string TargetHint => string.Create(CultureInfo.InvariantCulture, $"{LeastTarget:0} to {MostTarget:0}; reached within the pump's {CoursePlan.MostMilligramsPerHour.Value / 60:0.#} mg/min.");

    private static string LimitHint => string.Create(CultureInfo.InvariantCulture, $"{LeastSystolic:0} to {MostSystolic:0}. Options that pass it in more than 1 of 10 are not offered.");

    private Task Compare(PlanLevers levers)
    {
        _levers = levers;
        return Change(_form);
    }

    private Task RouteChosen(ChangeEventArgs change) =>
        Enum.TryParse<Route>(change.Value?.ToString(), out var route) ? Compare(_levers with { Route = route }) : Task.CompletedTask;

    private Task TargetTyped(string typed)
    {
        _target = typed;
        return Change(_form);
    }

    private Task LimitTyped(string typed)
    {
        _systolicLimit = typed;
        return Change(_form);
    }

    /// <summary>An option becomes the order that is entered: its arithmetic is worked out like any other, and nothing is saved yet.</summary>
    private Task Choose(PlanOption option)
    {
        if (option.Form is not { } form)
            return Task.CompletedTask;
        _chosen = option.Regimen.Option.Name;
        _levers = _levers with { Route = Route.IntravenousInfusion, Shape = ProfileShape.Constant };
        return Change(_form with { DosePerKilogram = form.DosePerKilogram, DurationMinutes = form.DurationMinutes, Days = form.Days });
    }

    private void CheckAgain()
    {
        _problems.Clear();
        CheckLevers();
    }

    private void CheckLevers()
    {
        TooLong("dose", _form.DosePerKilogram, NumberLength);
        TooLong("duration", _form.DurationMinutes, NumberLength);
        TooLong("concentration", _form.Concentration, NumberLength);
        TooLong("days", _form.Days, 120);
        TooLong("reason", _form.Reason, 200);
        if (_levers.Shape == ProfileShape.TargetControlled && Read("target", _target, LeastTarget, MostTarget, "ng/mL") is { } target)
            _levers = _levers with { TargetNanograms = target };
        if (Read("systolicLimit", _systolicLimit, LeastSystolic, MostSystolic, "mmHg") is { } limit)
            _levers = _levers with { SystolicLimit = limit };
    }

    private void TooLong(string field, string? text, int most)
    {
        if (text?.Length > most)
            _problems.Add(field, "too_long", $"Too long: use at most {most} characters. Only the beginning of what was entered is shown, and nothing is saved.");
    }

    private double? Read(string field, string typed, double low, double high, string unit)
    {
        if (typed.Length > NumberLength)
            TooLong(field, typed, NumberLength);
        else if (!ClinicalNumber.TryParse(typed, out var value, out var problem))
            _problems.Add(field, "number_format", problem);
        else if ((double)value < low || (double)value > high)
            _problems.Add(field, "out_of_range", string.Create(CultureInfo.InvariantCulture, $"Enter {low:0} to {high:0} {unit}."));
        else
            return (double)value;
        return null;
    }

    private async Task Forecast(OrderPreview preview, CancellationToken cancel)
    {
        var work = Answer(preview, cancel);
        if (await Task.WhenAny(work, Task.Delay(Patience, Time, cancel)) != work && !cancel.IsCancellationRequested)
        {
            _slow = true;
            StateHasChanged();
        }

        try
        {
            await work;
            _unanswered = null;
        }
        catch (Exception refusal) when (refusal is InvalidInputException or ClinicRuleException)
        {
            if (!cancel.IsCancellationRequested)
                (_plan, _maintenance, _unanswered) = (null, null, refusal.Message);
        }
        finally
        {
            if (!cancel.IsCancellationRequested)
                _slow = false;
        }
    }

    private async Task Answer(OrderPreview preview, CancellationToken cancel)
    {
        using var turn = await Heavy.Enter(cancel);
        var (form, levers, order) = (_form, _levers, preview.Order);
        var model = _model ??= await Model(cancel);
        var given = _given;
        var start = StartOf(model, order, given);
        var covariates = Covariates(order.Weight);
        var plan = await Task.Run(() => CoursePlan.Of(model.Estimate, model.Data, form, order, given, start, levers, model.Scale, cancel), cancel);
        cancel.ThrowIfCancellationRequested(); // it may have been ready before a newer entry gave it up
        _plan = plan;
        _infusionPicture = plan.First is null ? null : PlanDrawing.Infusion(plan.First, levers);
        _scorePicture = plan.Score.Withheld is null ? PlanDrawing.Score(plan.Score, _clinic) : null;
        var forecast = await Task.Run(() => OrderForecast.Of(order, covariates), cancel);
        cancel.ThrowIfCancellationRequested();
        _forecast = forecast;
        if (given == 0)
            return;
        StateHasChanged(); // the options are there; what follows them is for the time after the course
        var profile = new ConstantDose(order.DosePerKilogram, null, order.Duration);
        var now = Math.Max(model.Data.HoursAt(Time.GetUtcNow()), IndividualForecast.EarliestHours(model.Estimate));
        var maintenance = await Task.Run(() => Maintenance.Of(model.Estimate, now, profile, Intervals, cancellation: cancel), cancel);
        cancel.ThrowIfCancellationRequested();
        _maintenance = maintenance;
    }

    private async Task<PatientModel> Model(CancellationToken cancel)
    {
        await using var db = Databases.Create();
        var actor = await Current.Get();
        var model = await new ForecastDesk(db, Time, actor, Models).Model(PatientId, cancel);
        _record = await new ForecastBook(db, Time, actor).OfPatient(PatientId, cancel);
        _given = _course is null ? 0 : ForecastDesk.GivenOf(_course, model.Story);
        return model;
    }

    // Day 0 of a plan is the next infusion: on its day at nine, or now when that is past.
    private DateTimeOffset StartOf(PatientModel model, InfusionOrder order, int given)
    {
        var now = Time.GetUtcNow();
        var earliest = model.Data.Origin.AddHours(IndividualForecast.EarliestHours(model.Estimate));
        var first = _course?.FirstDay ?? _form.FirstDay ?? _clinic.DayOf(now);
        var offset = given < order.Days.Count ? order.Days[given] : 0;
        var planned = _clinic.MomentOf(first.AddDays(Math.Clamp(offset, 0, 3650)), new TimeOnly(9, 0));
        return new[] { now, earliest, planned }.Max();
    }
}
