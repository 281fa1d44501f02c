using System.Globalization;
using Euthymia.Clinic;
using Euthymia.Pharmacometrics;
using Euthymia.Web.Accounts;
using Euthymia.Web.Hosting;
using Euthymia.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Euthymia.Web.Pages.Courses;

/// <summary>Plans a course or amends its order: every change is worked out, checked and simulated on the server.</summary>
public sealed partial class PlanCoursePage : IDisposable
{
    private static readonly TimeSpan TypingPause = TimeSpan.FromMilliseconds(250);

    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal)
    {
        ["dose"] = "Dose",
        ["duration"] = "Duration",
        ["days"] = "Days",
        ["vialStrength"] = "Vial",
        ["concentration"] = "Strength after dilution",
        ["firstDay"] = "First day",
        ["reason"] = "Reason",
        ["weight"] = "Weight",
        ["target"] = "Effect-site target",
        ["systolicLimit"] = "Systolic limit to weigh",
    };

    private readonly Problems _problems = new();
    private OrderForm _form = new();
    private Patient? _patient;
    private Course? _course;
    private OrderPreview? _preview;
    private OrderForecast? _forecast;
    private bool _saving;
    private CancellationTokenSource? _typing;

    [Parameter]
    public Guid PatientId { get; set; }

    /// <summary>The course whose order is amended; null at "plan" (the latest course, or a new one if there is none) and at "course/new".</summary>
    [Parameter]
    public Guid? CourseId { get; set; }

    [Inject]
    private ClinicDbFactory Databases { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private CurrentActor Current { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private string Heading => _course is null ? "Plan a course" : "Change the order";

    public void Dispose()
    {
        _typing?.Cancel();
        _typing?.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        try
        {
            var actor = await Current.Get();
            await using var db = Databases.Create();
            var patient = await new PatientRegister(db, Time, actor).Get(PatientId);
            _course = await Amended(new CoursePlanner(db, Time, actor));
            if (_course is not null)
            {
                _form = OrderForm.Of(_course);
            }
            else
            {
                _form = new OrderForm { FirstDay = (await new ClinicOffice(db).Settings()).DayOf(Time.GetUtcNow()) };
            }

            _clinic = await new ClinicOffice(db).Settings();
            _patient = patient;
        }
        catch (ClinicRuleException refusal) when (refusal.Kind == RefusalKind.NotFound)
        {
            Navigation.NotFound();
            return;
        }

        await WorkAnew(TimeSpan.Zero);
    }

    private async Task<Course?> Amended(CoursePlanner planner)
    {
        if (CourseId is { } id)
        {
            var course = await planner.Get(id);
            return course.PatientId == PatientId ? course : throw ClinicRuleException.NotFound("course");
        }

        if (Navigation.ToBaseRelativePath(Navigation.Uri).EndsWith("/course/new", StringComparison.Ordinal))
            return null;
        var courses = await planner.OfPatient(PatientId);
        return courses.Count > 0 ? courses[0] : null;
    }

    private Task Change(OrderForm form)
    {
        _form = form;
        return WorkAnew(TypingPause);
    }

    /// <summary>Works everything out from what is entered now. What is still being worked out from before, the page's first answer too, is given up, so that it never stands beside newer entries.</summary>
    private async Task WorkAnew(TimeSpan pause)
    {
        if (_typing is not null)
            await _typing.CancelAsync();
        _typing?.Dispose();
        var typing = _typing = new CancellationTokenSource();
        try
        {
            await Task.Delay(pause, Time, typing.Token);
            await Work(typing.Token);
        }
        catch (OperationCanceledException)
        {
            // A newer change is worked out instead.
        }
    }

    private Task FirstDayChanged(ChangeEventArgs change)
    {
        var day = DateOnly.TryParseExact(change.Value?.ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) ? read : (DateOnly?)null;
        return Change(_form with { FirstDay = day });
    }

    private async Task Work(CancellationToken cancel)
    {
        _problems.Clear();
        CheckLevers();
        if (_problems.Any)
        {
            _preview = null;
            return;
        }

        try
        {
            OrderPreview preview;
            await using (var db = Databases.Create())
                preview = await new CoursePlanner(db, Time, await Current.Get()).Preview(PatientId, _form, cancel);
            cancel.ThrowIfCancellationRequested();
            foreach (var hard in preview.Limits.Where(l => l.Level == LimitLevel.Hard))
                _problems.Add(hard.Limit.Field, hard.Code, hard.Message);
            _preview = preview;
            // A page that is drawn ahead of its connection answers at once; the forecast follows over the connection.
            if (preview.IsRefused || !RendererInfo.IsInteractive)
                return;
            StateHasChanged();
            await Forecast(preview, cancel);
        }
        catch (ClinicRuleException refusal)
        {
            if (cancel.IsCancellationRequested)
                return;
            _problems.Take(refusal);
            _preview = null;
        }
    }

    private async Task Save()
    {
        CheckAgain();
        if (_saving || _problems.Any)
            return;
        _saving = true;
        try
        {
            await using var db = Databases.Create();
            var planner = new CoursePlanner(db, Time, await Current.Get());
            if (_form.FirstDay is null && _course is null)
                throw ClinicRuleException.Invalid("firstDay", "required", "Choose the day of the first infusion.");
            var course = _course is { } amended ? await planner.Amend(amended.Id, amended.Order.Version, _form) : await planner.Save(PatientId, _form);
            Navigation.NavigateTo($"/patients/{PatientId}/course/{course.Id}");
        }
        catch (ClinicRuleException refusal)
        {
            _problems.Clear();
            _problems.Take(refusal);
        }
        finally
        {
            _saving = false;
        }
    }

    private Covariates Covariates(Kilograms weight) => new(
        weight,
        _patient!.AgeOn(DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime)),
        _patient.Sex switch { RecordedSex.Female => Sex.Female, RecordedSex.Male => Sex.Male, _ => null });

    // While an order is refused the warning would only repeat what the refusal says.
    private IEnumerable<string> WarningsAt(string field) =>
        _preview?.Limits.Where(l => l.Level == LimitLevel.Soft && string.Equals(l.Limit.Field, field, StringComparison.Ordinal)).Select(l => l.Message) ?? [];

    private static string Range(string limit)
    {
        var found = DoseLimits.Current.All.Single(l => string.Equals(l.Id, limit, StringComparison.Ordinal));
        return string.Create(CultureInfo.InvariantCulture, $"Usual {found.SoftLow:0.####} to {found.SoftHigh:0.####}; never below {found.HardLow:0.####} or above {found.HardHigh:0.####} {found.Unit}.");
    }

    private static string Rounded(Millilitres volume) => new Millilitres(decimal.Round(volume.Value, DoseArithmetic.PumpDecimals, MidpointRounding.AwayFromZero)).ToString();
}
