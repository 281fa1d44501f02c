using Euthymia.Clinic.Rules;
using static Euthymia.Clinic.Rules.RuleOutcome;

namespace Euthymia.Clinic.Tests.Rules;

public sealed class InSessionTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Start.AddMinutes(25);

    private static readonly Reading Calm = new(Start.AddMinutes(20))
    {
        Systolic = 130,
        Diastolic = 80,
        HeartRate = 80,
        OxygenSaturation = 97,
        RespiratoryRate = 14,
        Sedation = 5,
        Dissociation = 1,
        Nausea = 0,
    };

    private static readonly SessionFacts Well = new()
    {
        Medicine = Medicine.KetamineInfusion,
        InfusionNumber = 1,
        InfusionStart = Start,
        BaselineSystolic = 125,
        BaselineDiastolic = 78,
        Readings = [Calm],
        Signs = [],
        OpenAlarms = [],
        MonitorBound = false,
        LastStaffContactAt = Start.AddMinutes(20),
        LastLook = new Look(Now.AddSeconds(-3), TimeSpan.FromSeconds(3)),
    };

    private static readonly RuleTable<SessionFacts> Table = new("in_session", Well, Now, InSession.Evaluate)
    {
        { "MON-01", Clear, f => f with { Readings = [Calm with { At = Now.AddMinutes(-9.9) }] } },
        { "MON-01", Fired, f => f with { Readings = [Calm with { At = Now.AddMinutes(-10) }] } },
        { "MON-01", Fired, f => f with { Readings = [Calm with { At = Now.AddMinutes(-10) }, Calm with { At = Now.AddMinutes(-1), Sedation = null }] } },
        { "MON-01", Clear, f => f with { InfusionEnd = Now.AddMinutes(-1), Readings = [Calm with { At = Now.AddMinutes(-14) }] } },
        { "MON-01", NotAssessed, f => f with { InfusionStart = null } },
        { "MON-03", Fired, f => f with { Medicine = Medicine.EsketamineSpray } },
        { "MON-03", Clear, f => f },
        { "MON-03", NotAssessed, f => f with { Medicine = null } },
        { "MON-04a", Clear, f => f with { Readings = [Calm with { At = Now.AddMinutes(-12) }] } },
        { "MON-04a", Fired, f => f with { Readings = [Calm with { At = Now.AddMinutes(-12.1) }] } },
        { "MON-04a", Fired, f => f with { Readings = [] } },
        { "MON-04a", Clear, f => f with { Readings = [Calm with { At = Now.AddMinutes(-7), Systolic = 165 }] } },
        { "MON-04a", Fired, f => f with { Readings = [Calm with { At = Now.AddMinutes(-7.1), Systolic = 165 }] } },
        { "MON-04a", Fired, f => f with { Readings = [Calm with { At = Now.AddMinutes(5) }] } },
        { "MON-04a", NotAssessed, f => f with { InfusionStart = null } },
        { "MON-04b", Clear, f => f with { Readings = [Calm with { At = Now.AddMinutes(-19.9) }] } },
        { "MON-04b", Fired, f => f with { Readings = [Calm with { At = Now.AddMinutes(-20) }] } },
        { "MON-04b", Clear, f => f with { InfusionEnd = Now.AddMinutes(-24), Readings = [] } },
        { "MON-04b", NotAssessed, f => f with { InfusionStart = null } },
        { "MON-05", Clear, f => Pressure(f, 164, 99) },
        { "MON-05", Fired, f => Pressure(f, 165, 99) },
        { "MON-05", Fired, f => Pressure(f, 166, 99) },
        { "MON-05", Fired, f => Pressure(f, 150, 100) },
        { "MON-05", NotAssessed, f => f with { Readings = [Calm with { Diastolic = null }] } },
        { "MON-05", NotAssessed, f => f with { Readings = [Calm with { At = Now.AddMinutes(-20.1), Systolic = 165 }] } },
        { "MON-06", Clear, f => Pressure(f, 164, 102) },
        { "MON-06", Fired, f => Pressure(f, 165, 90) },
        { "MON-06", Fired, f => Pressure(f, 130, 103) },
        { "MON-06", NotAssessed, f => f with { BaselineSystolic = null } },
        { "MON-06", Fired, f => Pressure(f, 165, 90) with { BaselineDiastolic = null } },
        { "MON-07a", Clear, f => Pressures(f, (10, 185, 90), (20, 180, 110)) },
        { "MON-07a", NotAssessed, f => Pressures(f, (20, 181, 90)) },
        { "MON-07a", NotAssessed, f => Pressures(f, (15.1, 181, 90), (20, 181, 90)) },
        { "MON-07a", NotAssessed, f => Pressures(f, (10, 181, 90), (15.1, 150, 90), (20, 181, 90)) },
        { "MON-07a", Fired, f => Pressures(f, (15, 181, 90), (20, 181, 90)) },
        { "MON-07a", Fired, f => Pressures(f, (15, 150, 111), (20, 190, 90)) },
        { "MON-07a", Fired, f => Pressures(f, (20, 181, 90), (15, 181, 90)) },
        { "MON-07a", NotAssessed, f => f with { Readings = [] } },
        { "MON-07b", Clear, f => Pressure(f, 200, 120) },
        { "MON-07b", Fired, f => Pressure(f, 201, 80) },
        { "MON-07b", Fired, f => Pressure(f, 150, 121) },
        { "MON-07b", NotAssessed, f => f with { Readings = [] } },
        { "MON-08", Clear, f => f },
        { "MON-08", Fired, f => f with { Signs = [Sign.SevereHeadache] } },
        { "MON-08", Clear, f => f with { Signs = [Sign.Distress] } },
        { "MON-08", NotAssessed, f => f with { Signs = null } },
        { "MON-09", Clear, f => Pressures(f, (20, 170, 90)) },
        { "MON-09", Fired, f => Pressures(f, (15, 165, 90), (20, 165, 90)) },
        { "MON-09", Clear, f => Pressures(f, (15, 164, 90), (20, 165, 90)) },
        { "MON-09", Clear, f => Pressures(f, (15, 165, 90), (20, 180, 90)) },
        { "MON-09", Clear, f => Pressures(f, (15, 165, 90), (20, 170, 90)) with { Signs = [Sign.ChestPain] } },
        { "MON-09", NotAssessed, f => Pressures(f, (15, 165, 90), (20, 170, 90)) with { Signs = null } },
        { "MON-10", Clear, f => HeartRates(f, (15, 121), (20, 120)) },
        { "MON-10", NotAssessed, f => HeartRates(f, (20, 121)) },
        { "MON-10", NotAssessed, f => HeartRates(f, (15.1, 121), (20, 121)) },
        { "MON-10", Fired, f => HeartRates(f, (15, 121), (20, 121)) },
        { "MON-10", NotAssessed, f => HeartRates(f, (14, 121), (18, 100), (20, 121)) },
        { "MON-10", NotAssessed, f => f with { Readings = [] } },
        { "MON-11", Clear, f => f with { Readings = [Calm with { Systolic = 90, HeartRate = 50, RespiratoryRate = 10 }] } },
        { "MON-11", Clear, f => f with { Readings = [Calm with { HeartRate = 150, RespiratoryRate = 30 }] } },
        { "MON-11", Fired, f => f with { Readings = [Calm with { Systolic = 89 }] } },
        { "MON-11", Fired, f => f with { Readings = [Calm with { HeartRate = 49 }] } },
        { "MON-11", Fired, f => f with { Readings = [Calm with { HeartRate = 151 }] } },
        { "MON-11", Fired, f => f with { Readings = [Calm with { RespiratoryRate = 9 }] } },
        { "MON-11", Fired, f => f with { Readings = [Calm with { RespiratoryRate = 31, HeartRate = null }] } },
        { "MON-11", NotAssessed, f => f with { Readings = [Calm with { RespiratoryRate = null }] } },
        { "MON-12a", Clear, f => f with { Readings = [Calm with { OxygenSaturation = 94 }] } },
        { "MON-12a", Fired, f => f with { Readings = [Calm with { OxygenSaturation = 93 }] } },
        { "MON-12a", Fired, f => f with { Readings = [Calm with { OxygenSaturation = 90 }] } },
        { "MON-12a", Clear, f => f with { Readings = [Calm with { OxygenSaturation = 89 }] } },
        { "MON-12a", NotAssessed, f => Saturations(f, (0, 93), (29, 93)) },
        { "MON-12a", Fired, f => Saturations(f, (0, 89), (30, 93)) },
        { "MON-12a", NotAssessed, f => f with { Readings = [] } },
        { "MON-12b", Clear, f => f with { Readings = [Calm with { OxygenSaturation = 90 }] } },
        { "MON-12b", Fired, f => f with { Readings = [Calm with { OxygenSaturation = 89 }] } },
        { "MON-12b", NotAssessed, f => Saturations(f, (0, 89), (14, 88)) },
        { "MON-12b", Fired, f => Saturations(f, (0, 89), (15, 88)) },
        { "MON-12b", NotAssessed, f => Saturations(f, (0, 89), (10, 97), (15, 88)) },
        { "MON-12b", NotAssessed, f => f with { Readings = [Calm with { OxygenSaturation = null }] } },
        { "MON-13a", Clear, f => f with { Readings = [Calm with { Sedation = 4 }] } },
        { "MON-13a", Fired, f => f with { Readings = [Calm with { Sedation = 3 }] } },
        { "MON-13a", Clear, f => f with { Readings = [Calm with { Sedation = 2 }] } },
        { "MON-13a", NotAssessed, f => f with { Readings = [Calm with { Sedation = null }] } },
        { "MON-13b", Clear, f => f with { Readings = [Calm with { Sedation = 3 }] } },
        { "MON-13b", Fired, f => f with { Readings = [Calm with { Sedation = 2 }] } },
        { "MON-13b", NotAssessed, f => f with { Readings = [] } },
        { "MON-14", Clear, f => f with { Readings = [Calm with { At = Start.AddMinutes(15) }] } },
        { "MON-14", Fired, f => f with { Readings = [Calm with { At = Start.AddMinutes(14.9) }] } },
        { "MON-14", Fired, f => f with { InfusionStart = Now.AddMinutes(-40), Readings = [Calm with { At = Now.AddMinutes(-6) }] } },
        { "MON-14", NotAssessed, f => f with { InfusionStart = null } },
        { "MON-15", Clear, f => f with { Readings = [Calm with { Dissociation = 2 }] } },
        { "MON-15", Fired, f => f with { Readings = [Calm with { Dissociation = 3 }] } },
        { "MON-15", Fired, f => f with { Signs = [Sign.Distress], Readings = [] } },
        { "MON-15", NotAssessed, f => f with { Readings = [] } },
        { "MON-16", Clear, f => f with { Signs = [Sign.Distress] } },
        { "MON-16", Fired, f => f with { Signs = [Sign.AgitationNotSettling] } },
        { "MON-16", NotAssessed, f => f with { Signs = null } },
        { "MON-17", Clear, f => f with { Readings = [Calm with { Nausea = 3 }] } },
        { "MON-17", Fired, f => f with { Readings = [Calm with { Nausea = 4 }] } },
        { "MON-17", NotAssessed, f => f with { Readings = [Calm with { Nausea = null }] } },
        { "MON-18", Clear, f => f with { Signs = [Sign.Vomiting] } },
        { "MON-18", Fired, f => f with { Signs = [Sign.Vomiting], Readings = [Calm with { Sedation = 4 }] } },
        { "MON-18", NotAssessed, f => f with { Signs = [Sign.Vomiting], Readings = [Calm with { Sedation = null }] } },
        { "MON-19", Clear, f => f with { InfusionStart = Now.AddMinutes(-29.9) } },
        { "MON-19", Fired, f => f with { InfusionStart = Now.AddMinutes(-30) } },
        { "MON-19", Fired, f => f with { InfusionStart = Now.AddMinutes(-40) } },
        { "MON-19", Clear, f => f with { InfusionStart = Now.AddMinutes(-40.1) } },
        { "MON-19", NotAssessed, f => f with { InfusionStart = null } },
        { "MON-20", Clear, f => f with { InfusionNumber = 1 } },
        { "MON-20", Fired, f => f with { InfusionNumber = 2 } },
        { "MON-20", NotAssessed, f => f with { InfusionNumber = null } },
        { "MON-21", Clear, f => f with { Signs = [Sign.Distress] } },
        { "MON-21", Fired, f => f with { Signs = [Sign.Apnoea] } },
        { "MON-21", NotAssessed, f => f with { Signs = null } },
        { "MON-22", Clear, f => f },
        { "MON-22", Fired, f => f with { Signs = [Sign.InfusionSiteProblem] } },
        { "MON-22", NotAssessed, f => f with { Signs = null } },
        { "MON-24", Clear, f => f },
        { "MON-24", Clear, f => Monitor(f, 60, 180) },
        { "MON-24", Fired, f => Monitor(f, 60, 181) },
        { "MON-24", NotAssessed, f => Monitor(f, 60, 181) with { LastMonitorFrameAt = null } },
        { "MON-25", Clear, f => Alarm(f, AlarmPriority.High, 30) },
        { "MON-25", Fired, f => Alarm(f, AlarmPriority.High, 31) },
        { "MON-25", Clear, f => Alarm(f, AlarmPriority.Medium, 120) },
        { "MON-25", Fired, f => Alarm(f, AlarmPriority.Medium, 121) },
        { "MON-25", Clear, f => f with { OpenAlarms = [new OpenAlarm(AlarmPriority.High, Now.AddMinutes(-5), Now.AddMinutes(-4))] } },
        { "MON-25", NotAssessed, f => f with { OpenAlarms = null } },
        { "MON-27", Clear, f => f with { LastStaffContactAt = Now.AddMinutes(-10) } },
        { "MON-27", Fired, f => f with { LastStaffContactAt = Now.AddMinutes(-10.1) } },
        { "MON-27", Clear, f => f with { InfusionEnd = Now.AddMinutes(-5), LastStaffContactAt = Now.AddMinutes(-30) } },
        { "MON-27", NotAssessed, f => f with { LastStaffContactAt = null } },
        { "MON-28", Clear, f => Looked(f, 14.9) },
        { "MON-28", Clear, f => Looked(f, 15) },
        { "MON-28", Fired, f => Looked(f, 15.1) },
        { "MON-28", Fired, f => Looked(f, 15.1) with { InfusionEnd = Now.AddMinutes(-5) } },
        { "MON-28", NotAssessed, f => f with { LastLook = null } },
        { "MON-29", Clear, f => f with { ClockSetBackBy = TimeSpan.Zero } },
        { "MON-29", Clear, f => f with { ClockSetBackBy = TimeSpan.FromMinutes(2) } },
        { "MON-29", Fired, f => f with { ClockSetBackBy = TimeSpan.FromMinutes(2.1) } },
        { "MON-29", NotAssessed, f => f with { ClockSetBackBy = null } },
        { "MON-30", Clear, f => f with { Readings = [Calm with { OxygenSaturation = 96 }], SedatedBesides = true } },
        { "MON-30", Fired, f => f with { Readings = [Calm with { OxygenSaturation = 95 }], SedatedBesides = true } },
        { "MON-30", Fired, f => f with { Readings = [Calm with { OxygenSaturation = 94 }], SedatedBesides = true } },
        { "MON-30", Clear, f => f with { Readings = [Calm with { OxygenSaturation = 93 }], SedatedBesides = true } },
        { "MON-30", Clear, f => f with { Readings = [Calm with { OxygenSaturation = 95 }], SedatedBesides = false } },
        { "MON-30", NotAssessed, f => f with { Readings = [Calm with { OxygenSaturation = 95 }], SedatedBesides = null } },
    };

    public static TheoryData<string> Names => Table.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_rule_judges_at_below_and_above_its_threshold(string name) => Table.Check(name);

    [Fact]
    public void Every_rule_has_cases() => Table.CheckThatEveryRuleHasCases();

    [Fact]
    public void Missing_is_never_normal() => Table.CheckThatMissingIsNeverNormal();

    [Fact]
    public void Worse_findings_come_first()
    {
        var fired = Table.Evaluate(f => Pressure(f, 205, 90) with { InfusionNumber = 2 }).Fired.ToList();

        Assert.Equal("MON-07b", fired[0].Rule.Id);
        Assert.Equal(AlarmPriority.High, fired[0].Priority);
        Assert.Equal(AlarmPriority.Information, fired[^1].Priority);
    }

    [Fact]
    public void A_patient_for_whom_all_is_well_meets_no_stop() => Table.CheckThatAWellPatientMeetsNoStop();

    [Fact]
    public void An_alarm_that_lacks_a_reading_is_shown_but_does_not_stop_the_infusion()
    {
        var result = Table.Evaluate(f => f with { Readings = [Calm with { Sedation = null }] })["MON-13b"];

        Assert.Equal(NotAssessed, result.Outcome);
        Assert.False(result.Stops);
    }

    [Fact]
    public void A_moderate_rise_stays_quiet()
        => Assert.All(Table.Evaluate(f => Pressure(f, 165, 100)).Fired, result => Assert.True(result.Priority <= AlarmPriority.Low, result.Message));

    [Fact]
    public void After_a_raised_pressure_the_next_is_due_at_the_recheck_time()
    {
        var settings = RuleTable<SessionFacts>.Signed;

        Assert.Equal(Start.AddMinutes(30), ReadingSchedule.NextDue(Well, settings, Now));
        Assert.Equal(Start.AddMinutes(25), ReadingSchedule.NextDue(Pressure(Well, 170, 90), settings, Now));
    }

    [Fact]
    public void A_clinic_that_changes_its_interval_changes_the_schedule_and_the_alarm_together()
    {
        var settings = RuleTable<SessionFacts>.Signed.Change("MON-01", "interval_infusing", 5);
        var due = ReadingSchedule.NextDue(Well, settings, Now)!.Value;

        Assert.Equal(Start.AddMinutes(25), due);
        Assert.Equal(Clear, InSession.Evaluate(Well, settings, due.AddMinutes(2))["MON-04a"].Outcome);
        Assert.Equal(Fired, InSession.Evaluate(Well, settings, due.AddMinutes(2.1))["MON-04a"].Outcome);
    }

    private static SessionFacts Pressure(SessionFacts f, int systolic, int diastolic) => Pressures(f, (20, systolic, diastolic));

    private static SessionFacts Pressures(SessionFacts f, params (double Minute, int Systolic, int Diastolic)[] values)
        => f with { Readings = [.. values.Select(v => Calm with { At = Start.AddMinutes(v.Minute), Systolic = v.Systolic, Diastolic = v.Diastolic })] };

    private static SessionFacts HeartRates(SessionFacts f, params (double Minute, int Rate)[] values)
        => f with { Readings = [.. values.Select(v => Calm with { At = Start.AddMinutes(v.Minute), HeartRate = v.Rate })] };

    private static SessionFacts Saturations(SessionFacts f, params (double Second, int Value)[] values)
        => f with { Readings = [.. values.Select(v => Calm with { Method = ReadingMethod.Device, At = Start.AddMinutes(20).AddSeconds(v.Second), OxygenSaturation = v.Value })] };

    private static SessionFacts Monitor(SessionFacts f, double period, double silentFor)
        => f with { MonitorBound = true, MonitorPeriod = TimeSpan.FromSeconds(period), LastMonitorFrameAt = Now.AddSeconds(-silentFor) };

    private static SessionFacts Looked(SessionFacts f, double secondsAgo) => f with { LastLook = new Look(Now.AddSeconds(-secondsAgo), TimeSpan.FromSeconds(secondsAgo)) };

    private static SessionFacts Alarm(SessionFacts f, AlarmPriority priority, double waitsFor)
        => f with { OpenAlarms = [new OpenAlarm(priority, Now.AddSeconds(-waitsFor), null)] };
}
