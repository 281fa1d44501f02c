using System.Globalization;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Responses;
using Microsoft.EntityFrameworkCore;
using DepressionScale = Euthymia.Pharmacometrics.Responses.DepressionScale;

namespace Euthymia.Clinic.Demo;

/// <summary>
/// The demo clinic's past: patients whose courses are over, so that there are results to look at. Their scores come from the project's
/// calibrated response model, all else is invented. They are stored as they would lie in the database after two years, not told step by
/// step through the services, which would take minutes.
/// </summary>
internal sealed class DemoHistory(ClinicDb db, DateTimeOffset now, ClinicSettings clinic, Actor nurse)
{
    public const int Patients = 130;

    private const string FirstNumber = "DEMO-H001";
    private const ulong Seed = 20240101;
    private const double MeanMadrs = 33;
    private const double LongestFollowUpDays = 365;
    private static readonly int[] Days = [0, 2, 4, 7, 9, 11];
    private static readonly (string Effect, Sign? Sign, double InPatients)[] SideEffects =
        [("Dissociation", null, 0.36), ("Dizziness", null, 0.30), ("Nausea", null, 0.17), ("Headache", null, 0.15), ("Distress", Sign.Distress, 0.09)];

    private readonly MoodParameters _mood = new(ResponseParameters.Default);
    private readonly DepressionScale _scale = DepressionScale.Named("PHQ-9")!;
    private readonly int?[] _checkIn = [.. InstrumentLibrary.Shipped["CHECK-IN"].Items.Select(i => (int?)InstrumentLibrary.Shipped["CHECK-IN"].OptionsOf(i)[0].Value)];

    /// <summary>Does nothing when the history is there.</summary>
    public async Task Add(CancellationToken cancel)
    {
        if (await db.Patients.AnyAsync(p => p.ClinicNumber == FirstNumber, cancel))
            return;
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        for (var i = 0; i < Patients; i++)
            Add(i, new Deviates(Seed, (ulong)i));
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        db.ChangeTracker.AutoDetectChangesEnabled = true;
    }

    private void Add(int index, Deviates deviates)
    {
        var first = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-75 - (600.0 * index / Patients)).AddHours(9 + (index % 6));
        first = new DateTimeOffset(first.UtcTicks - (first.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        var patient = PatientOf(index, deviates, first);
        var order = Order(patient, first, minutes: deviates.Uniform(5) < 0.2 ? 60 : 40);
        db.Add(patient);
        db.Add(new Course { Id = order.CourseId, PatientId = patient.Id, FirstDay = clinic.DayOf(first), OrderedAt = first.AddDays(-3), Orders = [order] });
        var given = deviates.Uniform(6) < 0.12 ? 2 + (int)(deviates.Uniform(7) * 3) : Days.Length;
        var visits = Enumerable.Range(0, given).Select(n => VisitOf(patient, order, first.AddDays(Days[n]), n, index, deviates)).ToList();
        db.AddRange(visits);
        AddAnswers(patient, order, visits, deviates);
        if (deviates.Uniform(8) < 0.8)
        {
            var consent = new ResearchConsent { PatientId = patient.Id, GivenOn = clinic.DayOf(first.AddDays(-2)), RecordedAt = first.AddDays(-2), RecordedByName = nurse.Name };
            consent.DrawSecrets();
            db.Add(consent);
        }

        db.Audit.Add(new AuditEntry { At = first.AddDays(-4), AccountId = nurse.AccountId, AccountName = nurse.Name, Role = nurse.Role, Kind = AuditKind.PatientAdded, PatientId = patient.Id });
    }

    private Patient PatientOf(int index, Deviates deviates, DateTimeOffset first)
    {
        var number = string.Create(CultureInfo.InvariantCulture, $"{index + 1:000}");
        var draw = deviates.Uniform(1);
        var patient = new Patient
        {
            ClinicNumber = $"DEMO-H{number}",
            GivenName = $"{(char)('A' + (index % 26))}.",
            FamilyName = $"Zelkova {number}",
            DateOfBirth = clinic.DayOf(first).AddDays(-(int)(365.25 * Math.Clamp(45 + (14 * deviates.Normal(2)), 19, 92))),
            Sex = deviates.Uniform(3) < 0.6 ? RecordedSex.Female : RecordedSex.Male,
            Diagnosis = draw < 0.55 ? Diagnosis.TreatmentResistantDepression : draw < 0.82 ? Diagnosis.MajorDepressiveDisorder : draw < 0.94 ? Diagnosis.BipolarII : Diagnosis.BipolarI,
            ChangedAt = first.AddDays(-4),
            ChangedByName = nurse.Name,
        };
        patient.SearchKey = ClinicText.Fold($"{patient.FamilyName} {patient.GivenName} {patient.ClinicNumber}");
        var weight = new Kilograms(Math.Round((decimal)Math.Clamp(76 + (14 * deviates.Normal(4)), 46, 130), 1));
        patient.Weights.Add(new WeightMeasurement { PatientId = patient.Id, Weight = weight, MeasuredOn = clinic.DayOf(first), RecordedAt = first, RecordedByName = nurse.Name });
        return patient;
    }

    private static InfusionOrder Order(Patient patient, DateTimeOffset first, int minutes) => new()
    {
        CourseId = Guid.CreateVersion7(first),
        DosePerKilogram = new MilligramsPerKilogram(0.5m),
        Duration = TimeSpan.FromMinutes(minutes),
        Days = [.. Days],
        VialStrength = new MilligramsPerMillilitre(50),
        Concentration = new MilligramsPerMillilitre(1),
        Weight = patient.CurrentWeight!.Weight,
        WeighedOn = patient.CurrentWeight.MeasuredOn,
        OrderedAt = first.AddDays(-3),
        OrderedByName = DemoClinic.Accounts[0].DisplayName,
    };

    private Visit VisitOf(Patient patient, InfusionOrder order, DateTimeOffset start, int number, int index, Deviates deviates)
    {
        var draw = (uint)(100 + (50 * number));
        var minutes = (int)order.Duration.TotalMinutes;
        var volume = order.Arithmetic.Volume.Value;
        var visit = new Visit { PatientId = patient.Id, CourseId = order.CourseId, NumberInCourse = number + 1, ScheduledAt = start.AddSeconds(index), Chair = "Chair 1" };
        var stop = deviates.Uniform(draw) < 0.015 ? minutes / 2 : minutes;
        List<(int Minute, VisitEntry Entry)> entries =
        [
            (-10, new Weighed(order.Weight.Value)),
            (0, new InfusionStarted(volume * 60 / minutes, order.Concentration.Value, volume, order.Id)),
            (stop - 2, new Observed(new Readings((int)(139 + (13 * deviates.Normal(draw + 1))), (int)(85 + (7 * deviates.Normal(draw + 2))), (int)(76 + (8 * deviates.Normal(draw + 3))), 97, 4, 1, 0, 2, 15))),
            (stop, new InfusionStopped(stop == minutes ? "Volume infused" : "Asked to stop")),
            (stop + 60, new VisitCompleted()),
        ];
        for (var e = 0; e < SideEffects.Length; e++)
        {
            // Somebody prone to an effect has it at most visits; the share of such people is the demo's invention.
            if (deviates.Uniform(20 + (uint)e) < SideEffects[e].InPatients && (number == 0 || deviates.Uniform(draw + 10 + (uint)e) < 0.7))
                entries.Insert(entries.Count - 2, (stop - 1, new SideEffectSeen(SideEffects[e].Effect, SideEffects[e].Sign, (SideEffectGrade)(1 + (int)(deviates.Uniform(draw + 20 + (uint)e) * 2.15)), null, SideEffectOutcome.Resolved)));
        }

        Write(visit, start, entries);
        return visit;
    }

    private void Write(Visit visit, DateTimeOffset start, List<(int Minute, VisitEntry Entry)> entries)
    {
        var previous = "";
        foreach (var (minute, entry) in entries)
        {
            var written = VisitSeal.Seal(new VisitEvent
            {
                Id = Guid.CreateVersion7(start),
                VisitId = visit.Id,
                Number = visit.Events.Count + 1,
                ObservedAt = start.AddMinutes(minute),
                RecordedAt = start.AddMinutes(minute),
                AuthorId = nurse.AccountId,
                AuthorName = nurse.Name,
                Entry = entry,
            }, previous);
            previous = written.Hash;
            visit.Events.Add(written);
        }
    }

    /// <summary>PHQ-9 before, the day after the last infusion and every two weeks after it; check-ins at their own times, some of them missed.</summary>
    private void AddAnswers(Patient patient, InfusionOrder order, List<Visit> visits, Deviates deviates)
    {
        var starts = visits.ConvertAll(v => v.ScheduledAt);
        var last = starts[^1] + order.Duration;
        var until = Math.Min(LongestFollowUpDays, (now - last).TotalDays) * (deviates.Uniform(9) < 0.75 ? 1 : deviates.Uniform(10));
        var forgets = Math.Pow(deviates.Uniform(11), 3);
        var course = new VirtualPatient(this, deviates, starts);
        AddPhq9(patient, starts[0].AddHours(-1), course.Score(-1, 0));
        if (deviates.Uniform(12) < 0.05)
            return; // never came back to a questionnaire
        var facts = new ScheduleFacts([.. starts.Select(s => s + order.Duration)], starts, [], clinic, RuleSettings.Shipped);
        var lastPhq9 = DateTimeOffset.MinValue;
        uint draw = 1000;
        foreach (var due in CheckInSchedule.Of(facts, now).Where(c => c.EndsAt < now && (c.DueAt - last).TotalDays <= until).Select(c => c.DueAt))
        {
            draw += 3;
            if (deviates.Uniform(draw) < 0.5 * forgets)
                continue;
            var at = due.AddHours(14 * deviates.Uniform(draw + 1));
            db.Add(new Assessment { Id = Guid.CreateVersion7(at), PatientId = patient.Id, InstrumentId = "CHECK-IN", InstrumentVersion = 1, Answers = [.. _checkIn], CompletedAt = at, RecordedAt = at, RecordedBy = nurse.AccountId, RecordedByName = nurse.Name });
            if (at < last || (at - lastPhq9).TotalDays < 13)
                continue;
            AddPhq9(patient, at, course.Score((at - starts[0]).TotalHours, draw + 2));
            lastPhq9 = at;
        }
    }

    private void AddPhq9(Patient patient, DateTimeOffset at, int total)
    {
        var left = total;
        var answers = new int?[Instrument.Phq9.Items.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = i == answers.Length - 1 ? 0 : Math.Min(3, left); // item 9 opens findings, and these patients have none
            left -= answers[i]!.Value;
        }

        var score = Instrument.Phq9.Score(answers);
        db.Add(new Assessment
        {
            Id = Guid.CreateVersion7(at),
            PatientId = patient.Id,
            InstrumentId = Instrument.Phq9.Id,
            InstrumentVersion = Instrument.Phq9.Version,
            Answers = answers,
            Total = score.Total,
            Band = score.Band,
            CompletedAt = at,
            RecordedAt = at,
            RecordedBy = nurse.AccountId,
            RecordedByName = nurse.Name,
        });
    }

    /// <summary>One virtual patient of the response model (<see cref="MoodModel"/>), scored as PHQ-9.</summary>
    private sealed class VirtualPatient
    {
        private const int HighestWithoutItem9 = 24;

        private readonly MoodParameters _mood;
        private readonly DepressionScale _scale;
        private readonly Deviates _deviates;
        private readonly double[] _sessions;
        private readonly double _level;
        private readonly double _sensitivity;
        private readonly double _pulse;
        private readonly double _entry;

        public VirtualPatient(DemoHistory history, Deviates deviates, List<DateTimeOffset> starts)
        {
            (_mood, _scale, _deviates) = (history._mood, history._scale, deviates);
            _sessions = [.. starts.Select(s => (s - starts[0]).TotalHours)];
            _entry = Math.Clamp(MeanMadrs + (6 * deviates.Normal(40)), 20, 50);
            _level = MoodModel.UntreatedLogit(_mood, MeanMadrs, _entry) + (_mood.BetweenPatientSd * deviates.Normal(41));
            _sensitivity = MoodModel.Sensitivity(_mood, deviates.Normal(42));
            _pulse = MoodModel.Pulse(_mood, _mood.ReferenceOccupancyHours);
        }

        /// <summary>The total at hours from the first infusion; before it, the entry score.</summary>
        public int Score(double hours, uint draw)
        {
            var madrs = _entry;
            if (hours > 0)
            {
                var weights = MoodModel.DriveWeights(_mood, _sessions, [hours]);
                var drive = _pulse * Enumerable.Range(0, _sessions.Length).Sum(j => weights[0, j]);
                var drug = drive > 0 ? _sensitivity * MoodModel.Effect(_mood, drive) : 0;
                var other = _mood.Of(Expectancy.OpenLabel, control: false) * MoodModel.ExpectancyCourse(_mood, _sessions, hours);
                madrs = MoodModel.Madrs(_level - MoodModel.Improvement(_mood, drug, other) + (_mood.VisitSd * _deviates.Normal(draw)));
            }

            // Half of the crosswalk's scatter belongs to the person, not to the day; a demo can leave that half out.
            return Math.Clamp((int)Math.Round((_scale.Slope * madrs) + (0.5 * _scale.ScatterSd * _deviates.Normal(draw + 1))), 0, HighestWithoutItem9);
        }
    }
}
