using System.Data.Common;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Accounts;
using Euthymia.Web.Hosting;
using Euthymia.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Web.Pages.Visits;

/// <summary>
/// The chair. The database is the truth: the page reads it, appends to it, and reads again when somebody else has appended.
/// Between reads it only carries the pump on to the present second.
/// </summary>
public sealed partial class VisitPage(ClinicDbFactory databases, CurrentActor current, TimeProvider time, NavigationManager navigation) : ComponentBase
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly Problems _problems = new();
    private readonly CancellationTokenSource _leaving = new();
    private ClinicSettings _clinic = new();
    private VisitView? _view;
    private LiveVisit? _live;
    private Task _beating = Task.CompletedTask;
    private ChairPanel _panel;
    private bool _missing;
    private bool _busy;
    private bool _resuming;

    // Made when an entry is begun and kept until the server has answered, so that sending it again stores it once.
    private Guid _eventId = Guid.CreateVersion7();

    [Parameter]
    public Guid Id { get; set; }

    private string Connection => !RendererInfo.IsInteractive ? "connecting" : _busy ? "saving" : "connected · all saved";

    protected override async Task OnInitializedAsync()
    {
        try
        {
            await Read();
        }
        catch (ClinicRuleException refusal) when (refusal.Kind == RefusalKind.NotFound)
        {
            _missing = true;
            if (!RendererInfo.IsInteractive)
                navigation.NotFound();
        }
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender && _view is not null)
            _beating = KeepUp();
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _beating;
        _leaving.Dispose();
    }

    private static IEnumerable<(ChairPanel Panel, string Name)> Actions(VisitState state)
    {
        yield return (ChairPanel.Reading, "Reading");
        yield return (ChairPanel.Note, "Note or event");
        switch (state.Phase)
        {
            case VisitPhase.Running:
                yield return (ChairPanel.Rate, "Change rate");
                yield return (ChairPanel.Pause, "Pause");
                yield return (ChairPanel.Stop, "Stop");
                break;
            case VisitPhase.Paused:
                yield return (ChairPanel.Stop, "Stop");
                break;
        }
    }

    private void Open(ChairPanel panel)
    {
        _problems.Clear();
        _eventId = Guid.CreateVersion7();
        (_panel, _resuming) = (panel, false);
    }

    private void Close()
    {
        _problems.Clear();
        _panel = ChairPanel.None;
    }

    private Task Append(VisitEntry entry) => Write((log, id) => log.Append(Id, id, entry));

    private Task Resume()
    {
        if (!_resuming)
            _eventId = Guid.CreateVersion7();
        _resuming = true;
        return Append(new InfusionResumed());
    }

    private async Task Write(Func<VisitLog, Guid, Task<AppendResult>> write)
    {
        if (_busy)
            return;
        _busy = true;
        _problems.Clear();
        try
        {
            await using (var db = databases.Create())
                await write(new VisitLog(db, time, await current.Get()), _eventId);
            (_panel, _resuming) = (ChairPanel.None, false);
            _eventId = Guid.CreateVersion7();
            await Read();
        }
        catch (ClinicRuleException refusal)
        {
            _problems.Take(refusal);
        }
        catch (Exception failure) when (failure is DbException or DbUpdateException or TimeoutException)
        {
            _problems.Add("", "storage_failed", "The server could not store this. Try again: it will be stored once.");
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task Read()
    {
        await using var db = databases.Create();
        _clinic = await new ClinicOffice(db).Settings();
        _view = await new VisitLog(db, time, await current.Get()).State(Id);
        _live = new LiveVisit(_view.State, time.GetUtcNow());
    }

    private async Task KeepUp()
    {
        using var timer = new PeriodicTimer(Beat, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_leaving.Token))
                await InvokeAsync(CatchUp);
        }
        catch (OperationCanceledException)
        {
            // The person has left the page.
        }
    }

    private async Task CatchUp()
    {
        if (_busy || _live is null || _leaving.IsCancellationRequested)
            return;
        try
        {
            _live = _live with { Now = time.GetUtcNow() };
            if (_live.HasRunOut || await SomebodyElseWrote())
                await Read();
        }
        catch (Exception failure) when (failure is DbException or TimeoutException)
        {
            // The next beat tries again; a write says itself when it fails.
        }

        StateHasChanged();
    }

    // Only a count is read here: no patient data, so nothing to audit.
    private async Task<bool> SomebodyElseWrote()
    {
        await using var db = databases.Create();
        return await db.VisitEvents.CountAsync(e => e.VisitId == Id, _leaving.Token) != _view!.Visit.Events.Count;
    }
}
