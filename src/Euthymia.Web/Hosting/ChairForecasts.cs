using System.Collections.Concurrent;
using Euthymia.Clinic;
using Euthymia.Clinic.Forecasts;

namespace Euthymia.Web.Hosting;

/// <summary>
/// The predicted bands of the infusions that are looked at. Each is computed once for an order and what its pump has done, behind the
/// page: a glance at the chair never waits for it. A cache only.
/// </summary>
public sealed class ChairForecasts(ClinicDbFactory databases, TimeProvider time, IndividualModels models, ILogger<ChairForecasts> log)
{
    private const int Kept = 64;

    private readonly ConcurrentDictionary<Guid, (string Plan, Task<ChairForecast> Forecast)> _visits = new();

    /// <summary>The band if it is there; null while it is worked out, which this begins. What cannot be forecast says why.</summary>
    /// <param name="view">The visit.</param>
    /// <param name="actor">Who looks, for the audit.</param>
    public ChairForecast? Of(VisitView view, Actor actor)
    {
        if (view.State.Phase == VisitPhase.Cancelled)
            return null;
        var plan = PlanOf(view);
        if (!_visits.TryGetValue(view.Visit.Id, out var known) || !string.Equals(known.Plan, plan, StringComparison.Ordinal))
        {
            if (_visits.Count >= Kept)
                _visits.Clear();
            // The last band stays in sight only as long as it is of what is being given.
            _visits[view.Visit.Id] = known = (plan, Task.Run(() => Work(view, actor)));
        }

        return known.Forecast.IsCompletedSuccessfully ? known.Forecast.Result : null;
    }

    /// <summary>Changes when a band is ready, so that a page that waits for it looks again.</summary>
    public string Version(Guid visitId) => _visits.TryGetValue(visitId, out var known) && known.Forecast.IsCompleted ? "f" : "";

    private async Task<ChairForecast> Work(VisitView view, Actor actor)
    {
        try
        {
            await using var db = databases.Create();
            return await new ForecastDesk(db, time, actor, models).OfVisit(view);
        }
        catch (ClinicRuleException refusal)
        {
            return ChairForecast.None(refusal.Message);
        }
        catch (Exception failure)
        {
            log.LogError(failure, "The band of a visit could not be worked out.");
            return ChairForecast.None("The band could not be worked out. Readings are recorded as usual.");
        }
    }

    // What is given decides; that time passes does not.
    private static string PlanOf(VisitView view)
    {
        var state = view.State;
        var segments = string.Join(';', state.Segments.Select(s => $"{s.Start.UtcTicks}@{s.Rate.Value}"));
        return state.StartedAt is null
            ? $"{view.Order.Id} {state.Sheets.Weight?.Value} {state.Sheets.Baseline.Count}"
            : $"{segments} {state.Phase == VisitPhase.Paused} {state.EndedAt?.UtcTicks} {state.DosePlanned?.Value}";
    }
}
