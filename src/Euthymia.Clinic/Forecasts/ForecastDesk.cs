using Euthymia.Clinic.Storage;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Individualisation;
using Euthymia.Pharmacometrics.Responses;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Forecasts;

/// <summary>A patient's own model as it is now, with what it was made from.</summary>
/// <param name="Story">The record.</param>
/// <param name="Data">The record as the model takes it.</param>
/// <param name="Estimate">The model.</param>
/// <param name="Scale">The depression scale used last; PHQ-9 while none was.</param>
public sealed record PatientModel(RecordedHistory Story, ModelData Data, IndividualEstimate Estimate, DepressionScale Scale);

/// <summary>Forecasts for the pages. Each read of a patient's record is audited.</summary>
public sealed class ForecastDesk(ClinicDb db, TimeProvider time, Actor actor, IndividualModels models)
{
    private const int DaysAhead = 28;

    /// <summary>The patient's own model from everything on record now.</summary>
    /// <exception cref="ClinicRuleException">There is no such patient, or no weight, or the record cannot be used; the message says what to do.</exception>
    public async Task<PatientModel> Model(Guid patientId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var story = await RecordedHistory.Read(db, patientId, cancel);
        db.Record(actor, time, AuditKind.ForecastRead, patientId);
        await db.SaveChangesAsync(cancel);
        var data = ModelData.Of(story, Clock.Now(time));
        var last = story.Assessments.LastOrDefault(a => a.Total is not null && ModelData.ScaleOf(a.InstrumentId) is not null);
        return new PatientModel(story, data, await Estimate(data, cancel), ModelData.ScaleOf(last?.InstrumentId ?? Instrument.Phq9.Id)!);
    }

    /// <summary>The PHQ-9 of a course from now on, or why there is none: a page shows its record with or without a forecast.</summary>
    /// <param name="course">The course; null while none is planned.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<(ScoreForecast? Forecast, string? Why)> TryCourse(Course? course, CancellationToken cancel = default)
    {
        if (course is null)
            return (null, "No course is planned.");
        try
        {
            var forecast = await OfCourse(course, cancel);
            return forecast.Withheld is { } why ? (null, why) : (forecast, null);
        }
        catch (ClinicRuleException refusal)
        {
            return (null, refusal.Message);
        }
    }

    /// <summary>The PHQ-9 of a course from now on, with the infusions that are still ordered.</summary>
    public async Task<ScoreForecast> OfCourse(Course course, CancellationToken cancel = default)
    {
        var model = await Model(course.PatientId, cancel);
        var (data, now) = (model.Data, Clock.Now(time));
        var earliest = data.Origin.AddHours(IndividualForecast.EarliestHours(model.Estimate));
        var from = earliest > now ? earliest : now;
        var clinic = await new ClinicOffice(db).Settings(cancel);
        var order = course.Order;
        Infusion[] planned = [.. StartsToCome(course, model.Story, clinic).Where(at => at >= from).Select(at => Infusion.Constant(at - data.Origin, order.Arithmetic.Dose, order.Duration))];
        var days = DaysAhead + (planned.Length == 0 ? 0 : (int)Math.Min(365, Math.Ceiling((data.Origin + planned[^1].Start - from).TotalDays)));
        return await Task.Run(() => ScoreForecast.Of(model.Estimate, data, from, planned, days, ModelData.ScaleOf(Instrument.Phq9.Id)!, cancel), cancel);
    }

    /// <summary>The band of a visit's infusion, from what was known before it began; before the start, of the infusion as ordered.</summary>
    public async Task<ChairForecast> OfVisit(VisitView view, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var story = await RecordedHistory.Read(db, view.Patient.Id, cancel);
        db.Record(actor, time, AuditKind.ForecastRead, view.Patient.Id, view.Visit.Id);
        await db.SaveChangesAsync(cancel);
        var start = view.State.StartedAt ?? Clock.Now(time);
        var data = ModelData.Of(story.Before(start, Clock.Now(time)), start);
        var arithmetic = view.Order.ArithmeticFor(view.State.Sheets.Weight ?? view.Order.Weight);
        var infusion = ChairForecast.InfusionOf(view.State, data.Origin) ?? Infusion.Constant(start - data.Origin, arithmetic.Dose, view.Order.Duration);
        var estimate = await Estimate(data, cancel);
        return await Task.Run(() => ChairForecast.Of(estimate, data, infusion), cancel);
    }

    private async Task<IndividualEstimate> Estimate(ModelData data, CancellationToken cancel)
    {
        try
        {
            return await models.Estimate(data, cancel);
        }
        catch (InvalidInputException refusal)
        {
            throw ClinicRuleException.Invalid("", refusal.Code, $"No forecast: {refusal.Message}");
        }
    }

    /// <summary>When the infusions of an order that have not begun are to be: as scheduled, else on the order's day at nine.</summary>
    public static IReadOnlyList<DateTimeOffset> StartsToCome(Course course, RecordedHistory story, ClinicSettings clinic)
    {
        var visits = story.Visits.Where(v => v.CourseId == course.Id).ToDictionary(v => v.NumberInCourse);
        return
        [
            .. course.Order.Days.Select((day, i) => (Visit: visits.GetValueOrDefault(i + 1), Day: course.FirstDay.AddDays(day)))
                .Where(x => x.Visit?.Events.Any(e => e.Entry is InfusionStarted) != true)
                .Select(x => x.Visit?.ScheduledAt ?? clinic.MomentOf(x.Day, new TimeOnly(9, 0)))
                .Order(),
        ];
    }

    /// <summary>How many infusions of a course have been given, at least in part.</summary>
    public static int GivenOf(Course course, RecordedHistory story) =>
        story.Visits.Count(v => v.CourseId == course.Id && v.Events.Any(e => e.Entry is InfusionStarted));
}
