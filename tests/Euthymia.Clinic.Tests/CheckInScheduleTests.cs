using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic.Tests;

/// <summary>The schedule of check-ins under a clock that runs for two years, in time zones with daylight saving, with early, late and missed answers.</summary>
public sealed class CheckInScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 2, 2, 9, 0, 0, TimeSpan.Zero);

    private static ClinicSettings Clinic(string zone) => new()
    {
        Name = "Test",
        TimeZone = zone,
        OpeningHours = "Mon-Fri 08:00-17:00",
        ClosedDays = [new(2026, 4, 3), new(2026, 4, 6), new(2026, 12, 24), new(2026, 12, 25), new(2027, 1, 1)],
    };

    public enum Habit
    {
        Always,
        Late,
        EverySecond,
        Never,
        Erratic,
    }

    public static TheoryData<string, Habit> Worlds
    {
        get
        {
            var worlds = new TheoryData<string, Habit>();
            foreach (var zone in new[] { "Etc/UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe" })
                foreach (var habit in Enum.GetValues<Habit>())
                    worlds.Add(zone, habit);
            return worlds;
        }
    }

    /// <summary>
    /// Two years in steps of seven hours: a course of six, a maintenance infusion in months 4 and 9. At each step what may be
    /// answered is answered as the habit says. No check-in is asked twice, none vanishes, and no scale is asked inside its recall window.
    /// </summary>
    [Theory]
    [MemberData(nameof(Worlds))]
    public void Two_years_without_a_double_a_loss_or_a_scale_inside_its_own_window(string zone, Habit habit)
    {
        var clinic = Clinic(zone);
        DateTimeOffset At(int day) => clinic.MomentOf(clinic.DayOf(Start).AddDays(day), new TimeOnly(10, 0));
        List<DateTimeOffset> visits = [.. new[] { 0, 2, 4, 7, 9, 11, 118, 270 }.Select(At)];
        var answers = new List<Assessment>();
        var ended = new Dictionary<string, (CheckInState State, DateTimeOffset DueAt)>(StringComparer.Ordinal);
        var state = 7u;
        bool Chance(uint percent)
        {
            state = (state * 1664525u) + 1013904223u;
            return (state >> 16) % 100 < percent;
        }

        var step = TimeSpan.FromHours(7);
        var count = 0;
        for (var now = Start.AddDays(-2); now < Start.AddDays(731); now += step)
        {
            var facts = new ScheduleFacts([.. visits.Select(v => v.AddMinutes(40)).Where(end => end <= now)], [.. visits.Where(v => v < now.AddDays(20))], answers, clinic, RuleSettings.Shipped);
            // Most steps have nothing open: the whole check runs daily, the answers at every step.
            var schedule = CheckInSchedule.Of(facts, now);
            if (count++ % 6 == 0)
                Check(schedule, now, ended);
            foreach (var checkIn in schedule.Where(c => c.StillToAnswer.Count > 0))
            {
                Assert.True(checkIn.OpensAt <= now && now < checkIn.EndsAt);
                var willing = habit switch
                {
                    Habit.Always => now >= checkIn.DueAt,
                    Habit.Late => now >= checkIn.LateAt || now >= checkIn.EndsAt - step - step,
                    Habit.EverySecond => now >= checkIn.DueAt && checkIn.DueAt.UtcTicks / TimeSpan.TicksPerDay % 2 == 0,
                    Habit.Never => false,
                    _ => Chance(15),
                };
                if (!willing)
                    continue;
                foreach (var id in checkIn.StillToAnswer.Where((_, i) => habit != Habit.Erratic || i == 0 || Chance(60)))
                {
                    var window = InstrumentLibrary.Shipped[id].RecallDays ?? 0;
                    var last = answers.FindLast(a => string.Equals(a.InstrumentId, id, StringComparison.Ordinal));
                    Assert.True(last is null || now - last.CompletedAt >= TimeSpan.FromDays(window), $"{id} asked {(now - last?.CompletedAt)?.TotalDays} days after the last answer.");
                    answers.Add(new Assessment { Id = Guid.CreateVersion7(), InstrumentId = id, InstrumentVersion = 1, CompletedAt = now, Total = string.Equals(id, "PHQ-9", StringComparison.Ordinal) ? 6 : null });
                }
            }
        }

        var final = CheckInSchedule.Of(new ScheduleFacts([.. visits.Select(v => v.AddMinutes(40))], visits, answers, clinic, RuleSettings.Shipped), Start.AddDays(731));
        Assert.Equal(final.Count, final.Select(c => c.Key).Distinct(StringComparer.Ordinal).Count());
        var over = final.Where(c => c.EndsAt <= Start.AddDays(720)).ToList();
        Assert.All(over, c => Assert.True(c.State is CheckInState.Answered or CheckInState.Missed, $"{c.Key} is lost: {c.State}"));
        Assert.All(over, c => Assert.True(ended.ContainsKey(c.Key), $"{c.Key} appeared after the fact."));
        var answered = over.Count(c => c.State == CheckInState.Answered);
        // Every check-in answer belongs to exactly one check-in.
        Assert.Equal(answers.Count(a => string.Equals(a.InstrumentId, "CHECK-IN", StringComparison.Ordinal) && a.CompletedAt < Start.AddDays(718)),
            over.Count(c => c.AnsweredAt < Start.AddDays(718)));
        if (habit is Habit.Always or Habit.Late)
            Assert.Equal(over.Count, answered);
        if (habit == Habit.Never)
            Assert.Equal(0, answered);
        if (habit == Habit.Late)
            Assert.Contains(over, c => c.WasLate);
        Assert.InRange(over.Count, 45, 90);
    }

    private static void Check(IReadOnlyList<CheckIn> schedule, DateTimeOffset now, Dictionary<string, (CheckInState State, DateTimeOffset DueAt)> ended)
    {
        foreach (var (one, next) in schedule.Zip(schedule.Skip(1)))
            Assert.True(one.EndsAt <= next.OpensAt, $"{one.Key} and {next.Key} overlap.");
        foreach (var checkIn in schedule)
        {
            Assert.True(checkIn.OpensAt < checkIn.DueAt && checkIn.DueAt < checkIn.EndsAt && checkIn.LateAt <= checkIn.EndsAt, checkIn.Key);
            if (checkIn.EndsAt > now)
                continue;
            Assert.True(checkIn.State is CheckInState.Answered or CheckInState.Missed);
            // What is over stays as it was.
            if (!ended.TryAdd(checkIn.Key, (checkIn.State, checkIn.DueAt)))
                Assert.Equal((checkIn.State, checkIn.DueAt), ended[checkIn.Key]);
        }

        foreach (var key in ended.Keys)
            Assert.True(schedule.Any(c => string.Equals(c.Key, key, StringComparison.Ordinal)), $"{key} is lost at {now:u}.");
    }

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    public void A_days_check_in_keeps_its_local_hour_and_the_day_after_its_24_hours_when_the_clocks_change(string zone)
    {
        var clinic = Clinic(zone);
        var changes = 0;
        for (var day = new DateOnly(2026, 1, 1); day < new DateOnly(2027, 1, 1); day = day.AddDays(1))
        {
            var end = clinic.MomentOf(day, new TimeOnly(10, 40));
            var schedule = CheckInSchedule.Of(new ScheduleFacts([end], [], [], clinic, RuleSettings.Shipped), end.AddDays(40));
            var after = Assert.Single(schedule, c => c.Reason == CheckInReason.DayAfterInfusion);
            Assert.Equal(TimeSpan.FromHours(24), after.DueAt - end);
            var days = schedule.Where(c => c.Reason == CheckInReason.AfterInfusions && c.DueAt < end.AddDays(40)).ToList();
            Assert.All(days, c => Assert.Equal(new TimeSpan(9, 0, 0), TimeZoneInfo.ConvertTime(c.DueAt, clinic.Zone).TimeOfDay));
            Assert.Equal([7, 10, 14, 17, 21, 24, 28, 35], days.Select(c => clinic.DayOf(c.DueAt).DayNumber - day.DayNumber));
            if (clinic.Zone.GetUtcOffset(end) != clinic.Zone.GetUtcOffset(after.DueAt))
                changes++;
        }

        Assert.Equal(2, changes); // the year had both changes, so the loop saw them
    }

    [Fact]
    public void Around_a_course_the_day_after_wins_over_the_day_before_and_the_month_after_is_the_densest()
    {
        var clinic = Clinic("Etc/UTC");
        List<DateTimeOffset> visits = [.. new[] { 0, 2, 4, 7, 9, 11 }.Select(d => Start.AddDays(d))];
        var schedule = CheckInSchedule.Of(new ScheduleFacts([.. visits.Select(v => v.AddMinutes(40))], visits, [], clinic, RuleSettings.Shipped), Start.AddDays(300));
        int Day(CheckIn c) => clinic.DayOf(c.DueAt).DayNumber - clinic.DayOf(Start).DayNumber;
        Assert.Equal([-1, 1, 3, 5, 8, 10, 12], schedule.TakeWhile(c => Day(c) < 13).Select(Day)); // day 6 is too close to day 5
        int Between(int from, int to) => schedule.Count(c => Day(c) - 11 >= from && Day(c) - 11 <= to);
        Assert.Equal(7, Between(7, 28));
        Assert.Equal(4, Between(29, 56)); // weekly
        Assert.Equal(9, Between(57, 183)); // every two weeks
        var days = schedule.Select(Day).Where(d => d - 11 > 190 && d < 300).ToList();
        Assert.All(days.Zip(days.Skip(1)), pair => Assert.Equal(14, pair.Second - pair.First)); // nothing is known to hold without scores
    }

    [Theory]
    [InlineData(6, 6, 28)]
    [InlineData(6, 10, 28)]
    [InlineData(6, 11, 14)] // a rise of five matters
    public void After_half_a_year_it_is_as_seldom_as_holds(int before, int last, int interval)
    {
        var clinic = Clinic("Etc/UTC");
        Assessment Phq9(int day, int total) => new() { Id = Guid.CreateVersion7(), InstrumentId = "PHQ-9", Total = total, CompletedAt = Start.AddDays(day) };
        var schedule = CheckInSchedule.Of(new ScheduleFacts([Start], [], [Phq9(150, before), Phq9(170, last)], clinic, RuleSettings.Shipped), Start.AddDays(400));
        var days = schedule.Select(c => clinic.DayOf(c.DueAt).DayNumber - clinic.DayOf(Start).DayNumber).Where(d => d > 185).ToList();
        Assert.All(days.Zip(days.Skip(1)), pair => Assert.Equal(interval, pair.Second - pair.First));
        Assert.NotEmpty(days);
    }

    [Fact]
    public void An_answer_of_ones_own_accord_moves_the_scale_and_a_late_one_moves_the_next()
    {
        var clinic = Clinic("Etc/UTC");
        Assessment Answer(string id, DateTimeOffset at) => new() { Id = Guid.CreateVersion7(), InstrumentId = id, CompletedAt = at };
        IReadOnlyList<CheckIn> At(int day, params Assessment[] answers) => CheckInSchedule.Of(new ScheduleFacts([Start], [], answers, clinic, RuleSettings.Shipped), Start.AddDays(day));
        var seventh = Start.AddDays(7);
        Assert.Contains("PHQ-9", CheckInSchedule.Current(At(7))!.Ask, StringComparer.Ordinal);
        Assert.DoesNotContain("PHQ-9", CheckInSchedule.Current(At(7, Answer("PHQ-9", seventh.AddDays(-3))))!.Ask, StringComparer.Ordinal);
        // Answered two days late on day 9: day 21 is inside the window, day 24 is not.
        var late = At(9, Answer("PHQ-9", seventh.AddDays(1.9)), Answer("CHECK-IN", seventh.AddDays(1.9)));
        Assert.True(late.Single(c => c.AnsweredAt is not null).WasLate);
        Assert.Equal(24, late.First(c => c.DueAt > seventh.AddDays(1) && c.Ask.Contains("PHQ-9", StringComparer.Ordinal)).DueAt.Subtract(Start).Days);
        // A missed one is owed at the next check-in.
        Assert.Contains("PHQ-9", CheckInSchedule.Current(At(10))!.Ask, StringComparer.Ordinal);
        Assert.Equal(CheckInState.Missed, At(10).Single(c => c.Key.EndsWith(":7", StringComparison.Ordinal)).State);
        Assert.Equal(2, CheckInSchedule.MissedInARow(At(10)));
    }

    [Theory]
    [InlineData("2026-04-02T12:00Z", "2026-04-07T15:00Z")] // Thursday before Easter: Friday and Monday are closed
    [InlineData("2026-12-23T12:00Z", "2026-12-28T16:00Z")]
    [InlineData("2026-03-27T20:00Z", "2026-03-30T15:00Z")] // over the weekend on which the clocks change
    public void The_next_working_day_leaves_out_weekends_and_holidays(string from, string expected)
    {
        DateTimeOffset Read(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(Read(expected), Clinic("Europe/Berlin").EndOfNextWorkingDay(Read(from)));
    }

    [Theory]
    [InlineData("2026-03-02T07:00Z", true)] // 08:00 in Berlin
    [InlineData("2026-03-02T06:59Z", false)]
    [InlineData("2026-03-02T15:59Z", true)]
    [InlineData("2026-03-02T16:00Z", false)]
    [InlineData("2026-07-02T06:00Z", true)] // summer time
    [InlineData("2026-04-03T10:00Z", false)] // Good Friday
    [InlineData("2026-03-01T10:00Z", false)] // Sunday
    public void Somebody_reads_only_in_the_opening_hours(string at, bool watched)
    {
        var moment = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(watched, Clinic("Europe/Berlin").IsWatched(moment));
        Assert.False(new ClinicSettings { TimeZone = "Europe/Berlin" }.IsWatched(moment)); // nothing is promised without hours
    }

    [Theory]
    [InlineData("Mon-Fri 08:00-17:00", true)]
    [InlineData("", true)]
    [InlineData("Fri-Mon 08:00-12:00; Tue 09:00-10:00", true)]
    [InlineData("Mon 17:00-08:00", false)]
    [InlineData("Mon-Wed 08:00-17:00; Tue 08:00-09:00", false)]
    [InlineData("Weekdays 08:00-17:00", false)]
    [InlineData("Mon 8-17", false)]
    [InlineData("Mon-Fri", false)]
    public void Opening_hours_are_read_or_refused_with_an_example(string text, bool good)
    {
        Assert.Equal(good, OpeningHours.TryParse(text, out _, out var problem));
        Assert.Equal(good, problem.Length == 0);
        if (!good)
            Assert.Contains("Mon-Fri 08:00-17:00", problem, StringComparison.Ordinal);
    }
}
