using System.Net;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Euthymia.Web.Tests;

/// <summary>Adding, editing and finding patients without script: what is wrong is said at its field, and nothing is stored.</summary>
public sealed class PatientFormTests(RolesSite site) : IClassFixture<RolesSite>
{
    [Fact]
    public async Task A_patient_is_added_and_shown()
    {
        using var nurse = await site.VisitAs(site.Nurse);
        var added = await nurse.Send("/patients/new", "patient", Filled("F-ADD"));
        Assert.Equal(HttpStatusCode.Redirect, added.Status);
        var shown = await nurse.Get(added.LeadsTo!);
        Assert.Contains("Rowan Formtree", shown.Words, StringComparison.Ordinal);
        var stored = await Stored("F-ADD");
        Assert.Equal(61.5m, stored!.CurrentWeight!.Weight.Value);
        Assert.Equal(RecordedList.NoneKnown, stored.Allergies);
        Assert.Equal(["sertraline 100 mg", "lithium 600 mg"], stored.Medication.Items);
        Assert.False(stored.PriorTreatments.IsRecorded);
    }

    [Theory]
    [InlineData("Input.Weight", "0", "weight")]
    [InlineData("Input.Weight", "7", "weight")]
    [InlineData("Input.Weight", "700", "weight")]
    [InlineData("Input.Weight", "61,5", "weight")]
    [InlineData("Input.Weight", "6e1", "weight")]
    [InlineData("Input.WeighedOn", "2999-01-01", "weighedOn")]
    [InlineData("Input.WeighedOn", "31.05.2026", "weighedOn")]
    [InlineData("Input.Height", "17", "height")]
    [InlineData("Input.DateOfBirth", "2999-01-01", "dateOfBirth")]
    [InlineData("Input.DateOfBirth", "", "dateOfBirth")]
    [InlineData("Input.DateOfBirth", "1985-02-30", "dateOfBirth")]
    [InlineData("Input.GivenName", "", "givenName")]
    [InlineData("Input.FamilyName", "a\u202Eb", "familyName")]
    [InlineData("Input.Sex", "", "sex")]
    [InlineData("Input.Sex", "Dragon", "sex")]
    [InlineData("Input.Diagnosis", "", "diagnosis")]
    [InlineData("Input.ClinicNumber", "T-001", "clinicNumber")]
    public async Task A_wrong_value_is_named_at_its_field_what_was_typed_is_kept_and_nothing_is_stored(string field, string value, string place)
    {
        using var nurse = await site.VisitAs(site.Nurse);
        var before = await Count();
        var page = await nurse.Send("/patients/new", "patient", Filled("F-BAD", (field, value)));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains($"id=\"{place}-problem\"", page.Text, StringComparison.Ordinal);
        Assert.Contains($"#{place}\"", page.Text, StringComparison.Ordinal); // the summary leads to the field
        Assert.Contains("lithium 600 mg", page.Text, StringComparison.Ordinal);
        Assert.Equal(before, await Count());
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_refused_at_its_field()
    {
        using var nurse = await site.VisitAs(site.Nurse);
        var page = await nurse.Send("/patients/new", "patient", Filled("F-LONG", ("Input.GivenName", new string('x', 100_000))));
        Assert.Contains("id=\"givenName-problem\"", page.Text, StringComparison.Ordinal);
        Assert.Null(await Stored("F-LONG"));
    }

    [Fact]
    public async Task Markup_in_a_name_is_a_name()
    {
        using var nurse = await site.VisitAs(site.Nurse);
        var added = await nurse.Send("/patients/new", "patient", Filled("F-MARK", ("Input.FamilyName", "<img src=x onerror=alert(1)>")));
        foreach (var path in new[] { added.LeadsTo!, $"{added.LeadsTo}/edit", "/patients" })
        {
            var page = await nurse.Get(path);
            Assert.DoesNotContain("<img src=x", page.Text, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", page.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_weight_that_looks_like_pounds_is_stored_only_when_it_is_confirmed()
    {
        using var nurse = await site.VisitAs(site.Nurse);
        var patient = await site.AddPatient(site.Lead, ClinicSite.AnyPatient("F-POUND", "Poundtree"));
        var edit = $"/patients/{patient.Id}/edit";
        var page = await nurse.Send(edit, "patient", [("Input.Weight", "154"), .. Of(patient)]);
        Assert.Contains("Is it really 154 kg?", page.Words, StringComparison.Ordinal);
        Assert.Equal(70m, (await Stored("F-POUND"))!.CurrentWeight!.Weight.Value);

        var confirmed = await nurse.Send(edit, "patient", [("Input.Weight", "154"), ("Input.Confirmed", "weight_looks_like_pounds"), .. Of(patient)]);
        Assert.Equal($"/patients/{patient.Id}", confirmed.LeadsTo);
        Assert.Equal(154m, (await Stored("F-POUND"))!.CurrentWeight!.Weight.Value);
        Assert.Equal(2, (await Stored("F-POUND"))!.Weights.Count);
    }

    [Fact]
    public async Task Who_saves_second_is_told_keeps_the_entries_and_overwrites_nothing()
    {
        var patient = await site.AddPatient(site.Lead, ClinicSite.AnyPatient("F-TWICE", "Twicetree"));
        var edit = $"/patients/{patient.Id}/edit";
        using var lead = await site.VisitAs(site.Lead);
        using var nurse = await site.VisitAs(site.Nurse);
        Assert.Equal(HttpStatusCode.Redirect, (await lead.Send(edit, "patient", [("Input.NationalId", "first"), .. Of(patient)])).Status);
        var second = await nurse.Send(edit, "patient", [("Input.NationalId", "second"), ("Input.Revision", "1"), .. Of(patient)]);
        Assert.Equal(HttpStatusCode.OK, second.Status);
        Assert.Contains(site.Lead.DisplayName, second.Words, StringComparison.Ordinal);
        Assert.Contains("value=\"second\"", second.Text, StringComparison.Ordinal);
        Assert.Equal("first", (await Stored("F-TWICE"))!.NationalId);
    }

    [Theory]
    [InlineData("listed")]
    [InlineData("something else")]
    [InlineData(null)]
    public async Task A_list_without_an_answer_is_not_recorded_and_never_none_known(string? choice)
    {
        using var nurse = await site.VisitAs(site.Nurse);
        var number = $"F-LIST-{choice?.Length}";
        var fields = Filled(number).Where(f => !f.Item1.StartsWith("Input.Allergies.", StringComparison.Ordinal));
        var answer = choice is null ? [] : new[] { ("Input.Allergies.Choice", choice) };
        Assert.Equal(HttpStatusCode.Redirect, (await nurse.Send("/patients/new", "patient", [.. fields, .. answer])).Status);
        Assert.False((await Stored(number))!.Allergies.IsRecorded);
    }

    [Theory]
    [InlineData("findtree", true)]
    [InlineData("FÎNDTREE ash", true)]
    [InlineData("F-FIND", true)]
    [InlineData("%", false)]
    [InlineData("nobody of this name", false)]
    public async Task A_patient_is_found_by_a_part_of_name_or_number_and_the_search_is_not_in_the_address(string text, bool found)
    {
        if (await Stored("F-FIND") is null)
            await site.AddPatient(site.Lead, ClinicSite.AnyPatient("F-FIND", "Findtree"));
        using var nurse = await site.VisitAs(site.Nurse);
        var page = await nurse.Send("/patients", "find", ("Input.Text", text));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("/patients", page.Answer.RequestMessage!.RequestUri!.PathAndQuery);
        if (found)
            Assert.Contains("Findtree, Ash", page.Words, StringComparison.Ordinal);
        else
            Assert.Contains("Nobody matches", page.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/patients/{0}")]
    [InlineData("/patients/{0}/edit")]
    public async Task An_unknown_patient_is_not_found(string path)
    {
        using var nurse = await site.VisitAs(site.Nurse);
        var page = await nurse.Get(path.Replace("{0}", Guid.NewGuid().ToString(), StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.Contains("Nothing here", page.Words, StringComparison.Ordinal);
    }

    private static (string, string)[] Filled(string number, params (string Name, string Value)[] changed)
    {
        (string Name, string Value)[] form =
        [
            ("Input.ClinicNumber", number), ("Input.NationalId", ""), ("Input.GivenName", "Rowan"), ("Input.FamilyName", "Formtree"),
            ("Input.DateOfBirth", "1985-06-01"), ("Input.Sex", "Female"), ("Input.Height", "168"), ("Input.Weight", "61.5"), ("Input.WeighedOn", ""),
            ("Input.Diagnosis", "TreatmentResistantDepression"), ("Input.PriorTreatments.Choice", "not-recorded"), ("Input.PriorTreatments.Lines", ""),
            ("Input.Medication.Choice", "listed"), ("Input.Medication.Lines", "sertraline 100 mg\r\nlithium 600 mg"),
            ("Input.Allergies.Choice", "none"), ("Input.Allergies.Lines", ""),
        ];
        return [.. form.ExceptBy(changed.Select(c => c.Name), f => f.Name, StringComparer.Ordinal), .. changed];
    }

    // What the edit form shows for a patient, apart from weight and national identifier.
    private static (string, string)[] Of(Patient patient) =>
    [
        ("Input.ClinicNumber", patient.ClinicNumber), ("Input.GivenName", patient.GivenName), ("Input.FamilyName", patient.FamilyName),
        ("Input.DateOfBirth", "1985-06-01"), ("Input.Sex", "Female"), ("Input.Height", "170"), ("Input.Diagnosis", "TreatmentResistantDepression"),
        ("Input.PriorTreatments.Choice", "not-recorded"), ("Input.PriorTreatments.Lines", ""), ("Input.Medication.Choice", "not-recorded"),
        ("Input.Medication.Lines", ""), ("Input.Allergies.Choice", "not-recorded"), ("Input.Allergies.Lines", ""),
    ];

    private Task<Patient?> Stored(string number) => site.With(services => services.GetRequiredService<ClinicDb>().Patients.AsNoTracking()
        .Include(p => p.Weights).SingleOrDefaultAsync(p => p.ClinicNumber == number));

    private Task<int> Count() => site.With(services => services.GetRequiredService<ClinicDb>().Patients.CountAsync());
}
