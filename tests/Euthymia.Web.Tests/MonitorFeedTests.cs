using System.Net;
using System.Net.Sockets;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Clinic.Tests;
using Euthymia.Interop.Hl7;
using Euthymia.Pharmacometrics;
using Euthymia.Web.Hosting;
using Euthymia.Web.Tests.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Euthymia.Web.Tests;

/// <summary>A site that listens for one monitor at chair 1.</summary>
public sealed class MonitorSite : ClinicSite
{
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseSetting("Monitors:Port", "0");
        builder.UseSetting("Monitors:Bindings:0:Chair", "Chair 1");
        builder.UseSetting("Monitors:Bindings:0:Device", "MON-1");
        builder.UseSetting("Monitors:Bindings:0:PeriodSeconds", "1");
    }
}

/// <summary>A monitor's readings reach the visit at its chair, and only after a person has looked.</summary>
public sealed class MonitorFeedTests(MonitorSite site) : IClassFixture<MonitorSite>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readings_go_into_the_confirmed_visit_once_and_a_silent_monitor_is_a_technical_alarm()
    {
        await site.SetUp();
        var lead = await site.AddAccount("lead", ClinicRole.Lead);
        var actor = new Actor(lead.Id, lead.DisplayName, ClinicRole.Lead);
        var visit = await StartedVisit(lead, actor);
        var recorder = site.Services.GetRequiredService<VisitRecorder>();

        var refused = await Send(Reading("c1", 121));
        Assert.Equal(AckCode.AR, refused.Code);
        Assert.Contains("Nobody at the chair has confirmed", refused.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("Testwood", refused.Reason, StringComparison.Ordinal);

        await recorder.Append(actor, visit, Guid.CreateVersion7(), new MonitorConfirmed("MON-1", 1), cancel: Cancel);
        var reading = Reading("c2", 122);
        Assert.Equal(AckCode.AA, (await Send(reading)).Code);
        Assert.Equal(AckCode.AA, (await Send(reading)).Code); // sent again
        Assert.Equal(AckCode.AE, (await Send(Reading("c2", 123))).Code); // another message under the same id
        Assert.Equal(AckCode.AR, (await Send(Reading("c3", 124) with { DeviceId = "MON-9" })).Code); // no chair of ours
        Assert.Equal(AckCode.AE, (await Send(Reading("c4", 999))).Code); // cannot be true
        var stored = Assert.Single(await Events(visit), e => e.Entry is Observed { DeviceId: not null });
        Assert.Equal("Monitor MON-1", stored.AuthorName);
        Assert.Equal((122, "MON-1"), (((Observed)stored.Entry).Readings.Systolic, ((Observed)stored.Entry).DeviceId));

        for (var i = 0; i < 300 && !await HasAlarm(visit); i++)
            await Task.Delay(200, Cancel);
        Assert.True(await HasAlarm(visit), "Three missed frames raised no technical alarm.");

        await recorder.Append(actor, visit, Guid.CreateVersion7(), new MonitorReleased(), cancel: Cancel);
        Assert.Equal(AckCode.AR, (await Send(Reading("c5", 125))).Code);
        Assert.Single(await Events(visit), e => e.Entry is Observed { DeviceId: not null });
    }

    [Theory]
    [InlineData("Port", "70000", "Monitors:Port")]
    [InlineData("Address", "everywhere", "Monitors:Address")]
    [InlineData("Bindings:1:Chair", "Chair 1", "twice")]
    [InlineData("Bindings:0:Device", "", "Device")]
    public void A_faulty_setting_is_named(string name, string value, string expected)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Monitors:Port"] = "2575",
            ["Monitors:Bindings:0:Chair"] = "Chair 1",
            ["Monitors:Bindings:0:Device"] = "MON-1",
        };
        if (name.StartsWith("Bindings:1", StringComparison.Ordinal))
            settings["Monitors:Bindings:1:Device"] = "MON-2";
        settings[$"Monitors:{name}"] = value;
        var refusal = Assert.Throws<InvalidOperationException>(() => MonitorOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_listens_unless_a_port_is_set_and_then_on_this_machine_only()
    {
        Assert.Null(MonitorOptions.Read(new ConfigurationBuilder().Build()).EndPoint);
        var options = MonitorOptions.Read(new ConfigurationBuilder().AddInMemoryCollection([new("Monitors:Port", "2575")]).Build());
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 2575), options.EndPoint);
    }

    private static MonitorReading Reading(string controlId, int systolic) => new("MON-1", controlId, TimeProvider.System.GetUtcNow())
    {
        Chair = "Chair 1",
        Systolic = systolic,
        Diastolic = 80,
        HeartRate = 70,
        OxygenSaturation = 98,
    };

    private async Task<Acknowledgement> Send(MonitorReading reading)
    {
        var room = site.Services.GetRequiredService<MonitorRoom>();
        for (var i = 0; i < 1200 && room.EndPoint is null; i++)
            await Task.Delay(50, Cancel);
        using var client = new TcpClient();
        await client.ConnectAsync(room.EndPoint!, Cancel);
        var stream = client.GetStream();
        await stream.WriteAsync(MllpDecoder.Encode(MonitorFrame.Write(reading)), Cancel);
        var decoder = new MllpDecoder();
        List<byte[]> frames = [];
        var buffer = new byte[4096];
        while (frames.Count == 0)
        {
            var count = await stream.ReadAsync(buffer, Cancel);
            Assert.NotEqual(0, count);
            decoder.Feed(buffer.AsSpan(0, count), frames);
        }

        return Acknowledgement.Parse(frames[0]);
    }

    private async Task<Guid> StartedVisit(Account lead, Actor actor)
    {
        var patient = await site.AddPatient(lead, ClinicSite.AnyPatient("MONITOR"));
        return await site.With(async services =>
        {
            var db = services.GetRequiredService<ClinicDb>();
            var time = services.GetRequiredService<TimeProvider>();
            await Admission.Of(db, time.GetUtcNow(), patient.Id);
            var course = await new CoursePlanner(db, time, actor).Save(patient.Id, new OrderForm());
            var visits = await new VisitLog(db, time, actor).Schedule(course.Id, new TimeOnly(12, 0), "Chair 1");
            await PreparedVisit.Fill(db, time, actor, actor with { AccountId = Guid.CreateVersion7(), Name = "Test second" }, visits[0]);
            await PreparedVisit.Start(db, time, actor, visits[0]);
            return visits[0].Id;
        });
    }

    private Task<List<VisitEvent>> Events(Guid visit) => site.With(services =>
        services.GetRequiredService<ClinicDb>().VisitEvents.AsNoTracking().Where(e => e.VisitId == visit).OrderBy(e => e.Number).ToListAsync(Cancel));

    private Task<bool> HasAlarm(Guid visit) => site.With(services =>
        services.GetRequiredService<ClinicDb>().Findings.AnyAsync(f => f.SubjectId == visit && f.RuleId == "MON-24", Cancel));
}
