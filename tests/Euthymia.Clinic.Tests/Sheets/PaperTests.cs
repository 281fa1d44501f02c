using CsCheck;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic.Tests.Sheets;

/// <summary>The papers say the same totals as each other and as the stored events.</summary>
public sealed class PaperTests
{
    private static string? Fact(VisitDocument paper, string name) => paper.Sections.SelectMany(s => s.Facts).Where(f => string.Equals(f.Name, name, StringComparison.Ordinal)).Select(f => f.Value).FirstOrDefault();

    /// <summary>mL given, from the stored events alone: rate by rate, stretch by stretch.</summary>
    private static decimal Volume(IEnumerable<VisitEvent> events, DateTimeOffset until)
    {
        decimal volume = 0;
        decimal rate = 0;
        decimal most = 0;
        DateTimeOffset since = default;
        foreach (var e in events.OrderBy(e => e.ObservedAt).ThenBy(e => e.Number).Append(new VisitEvent { ObservedAt = until, Entry = new InfusionStopped() }))
        {
            var hours = (decimal)(e.ObservedAt - since).Ticks / TimeSpan.TicksPerHour;
            switch (e.Entry)
            {
                case InfusionStarted started: (rate, most, since) = (started.RateMillilitresPerHour, started.VolumeMillilitres, e.ObservedAt); break;
                case RateChanged changed: volume += rate * hours; (rate, since) = (changed.RateMillilitresPerHour, e.ObservedAt); break;
                case InfusionPaused or InfusionStopped: volume += rate * hours; (rate, since) = (0, e.ObservedAt); break;
                case InfusionResumed: (rate, since) = (45.75m, e.ObservedAt); break;
            }
        }

        return Math.Min(volume, most);
    }

    [Theory]
    [InlineData(Store.Sqlite, 40, 0)]
    [InlineData(Store.Sqlite, 13, 7)]
    [InlineData(Store.Postgres, 27, 3)]
    public async Task Note_record_ledger_and_instructions_have_the_totals_of_the_database(Store store, int minutes, int pause)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        if (pause > 0)
        {
            await clinic.Append(visit, new InfusionPaused("nausea"));
            clinic.Time.Advance(TimeSpan.FromMinutes(pause));
            await clinic.Append(visit, new InfusionResumed());
        }

        clinic.Time.Advance(TimeSpan.FromSeconds((minutes - 5) * 60 + 7));
        await clinic.Append(visit, new InfusionStopped());
        await clinic.Finish(visit);
        await clinic.Append(visit, new SignedOff(SignatureMeaning.Recorded));

        var view = await clinic.Visits(v => v.State(visit));
        var volume = decimal.Round(Volume(view.Visit.Events, view.State.At), 2, MidpointRounding.AwayFromZero);
        var given = new Milligrams(volume).ToString(); // 1 mg/mL
        var papers = new Dictionary<VisitDocumentKind, VisitDocument>();
        foreach (var kind in Enum.GetValues<VisitDocumentKind>())
            papers[kind] = await clinic.Visits(v => v.Document(visit, kind));
        Assert.All(papers.Values, p => Assert.Equal(given, Fact(p, "Dose given")));
        Assert.Equal(new Millilitres(volume).ToString(), Fact(papers[VisitDocumentKind.Note], "Volume given"));
        Assert.Equal(new Millilitres(volume).ToString(), Fact(papers[VisitDocumentKind.Infusion], "Volume given"));
        foreach (var kind in new[] { VisitDocumentKind.Note, VisitDocumentKind.Ledger })
        {
            Assert.Equal("500 mg", Plain(Fact(papers[kind], "Taken from the safe")));
            Assert.Equal(new Milligrams(500 - volume).ToString(), Fact(papers[kind], "Wasted"));
            Assert.Equal("0 mg", Plain(Fact(papers[kind], "Not accounted for")));
        }

        Assert.Contains(papers[VisitDocumentKind.Note].Sections.Single(s => string.Equals(s.Heading, "Signed", StringComparison.Ordinal)).Sentences, s => s.StartsWith("Nurse Hazel", StringComparison.Ordinal) && s.Contains("complete", StringComparison.Ordinal));
        Assert.Contains(papers[VisitDocumentKind.Ledger].Sections.SelectMany(s => s.Sentences), s => s.Contains("witnessed by Dr. Rowan", StringComparison.Ordinal));
        Assert.DoesNotContain(papers[VisitDocumentKind.Instructions].Sections.SelectMany(s => s.Sentences), s => s.Contains("mg/kg", StringComparison.Ordinal));
        Assert.Equal("Wednesday 4 March 2026", Fact(papers[VisitDocumentKind.Instructions], "Next visit"));
    }

    [Fact]
    public async Task A_correction_and_what_is_missing_stand_on_the_note()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        var empty = await clinic.Visits(v => v.Document(visits[0].Id, VisitDocumentKind.Note));
        Assert.Equal("not assessed", Fact(empty, "Weight today"));
        Assert.Equal("not assessed", Fact(empty, "Blood pressure"));
        Assert.Null(Fact(empty, "Dose given"));
        var noted = await clinic.Append(visits[0].Id, new Noted("left arm"));
        await clinic.Append(visits[0].Id, new Amended(noted.Event.Id, new Noted("right arm"), null, "other side"));
        var note = await clinic.Visits(v => v.Document(visits[0].Id, VisitDocumentKind.Note));
        Assert.Contains("other side", Assert.Single(note.Sections.Single(s => string.Equals(s.Heading, "Corrections", StringComparison.Ordinal)).Sentences), StringComparison.Ordinal);
        Assert.Contains("Not signed yet.", note.Sections.Single(s => string.Equals(s.Heading, "Signed", StringComparison.Ordinal)).Sentences, StringComparer.Ordinal);
        var self = new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, visits[0].PatientId);
        await Refused.With("forbidden", () => clinic.Visits(v => v.Document(visits[0].Id, VisitDocumentKind.Note), self), RefusalKind.Forbidden);
    }

    [Fact]
    public void Totals_are_rounded_once() => Gen.Int[1, 400_000].Sample(ticks =>
    {
        var start = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        VisitEvent[] log =
        [
            new() { Id = Guid.CreateVersion7(), Number = 1, ObservedAt = start, Entry = new InfusionStarted(45.75m, 1, 30.5m, Guid.Empty) },
            new() { Id = Guid.CreateVersion7(), Number = 2, ObservedAt = start.AddMilliseconds(ticks), Entry = new InfusionStopped() },
        ];
        var state = VisitFold.Of(new Visit(), log, start.AddHours(1));
        var totals = VisitTotals.Of(state);
        Assert.Equal(decimal.Round(state.DoseGiven.Value, 2, MidpointRounding.AwayFromZero), totals.Given.Value);
        Assert.Equal(totals.Given, totals.Ledger.Given);
        Assert.Equal(totals.Given.Value, totals.Volume.Value);
    });

    private static string? Plain(string? text) => text?.Replace('\u00a0', ' ').Replace('\u202f', ' ').Replace('\u2009', ' ');
}
