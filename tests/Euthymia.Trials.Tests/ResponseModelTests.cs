using CsCheck;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Trials.Tests;

public sealed class ResponseModelTests
{
    private static readonly ResponseParameters Parameters = ResponseParameters.Default;
    private static readonly MoodParameters Mood = new(Parameters);
    private static readonly KetamineSession Reference = new(KetamineForm.Racemic, 35, 40.0 / 60);

    [Fact]
    public void The_session_kinetics_agree_with_the_engines_closed_form()
    {
        var engine = TypicalPatient.Concentrations(DrugModels.Get("ketamine"), RegimenText.Parse("0.5 mg/kg over 40 min"), new Kilograms(70), [0.6666]);

        var session = SessionExposure.Of(Reference, 70, 0, 0, [], Parameters);

        Assert.Equal(engine["venous"][0], session.PeakPlasma, 0.05 * session.PeakPlasma);
    }

    [Fact]
    public void Concentration_is_proportional_to_dose_and_occupancy_less_than_proportional()
    {
        var single = SessionExposure.Of(Reference, 70, 0.3, -0.2, [0.5, 1, 4], Parameters);
        var twice = SessionExposure.Of(Reference with { Milligrams = 70 }, 70, 0.3, -0.2, [0.5, 1, 4], Parameters);

        for (var i = 0; i < 3; i++)
            Assert.Equal(2 * single.Concentrations[i], twice.Concentrations[i], 1e-9);
        Assert.InRange(twice.OccupancyHours / single.OccupancyHours, 1.2, 1.99);
    }

    [Fact]
    public void The_whole_area_under_the_curve_is_dose_over_clearance()
    {
        // A dose of an hour, sampled often: the area to a day is nearly dose / CL = 35 mg / 84 L/h = 416.7 ng h/mL.
        var times = Enumerable.Range(0, 24 * 30).Select(i => i / 30.0).ToArray();

        var area = SessionExposure.Of(Reference with { InfusionHours = 1 }, 70, 0, 0, times, Parameters).Concentrations.Sum() / 30;

        Assert.Equal(416.7, area, 4.0);
    }

    [Fact]
    public void A_racemic_concentration_of_185_blocks_about_46_percent_of_the_receptors()
    {
        var bound = 185 * SessionExposure.Potency(KetamineForm.Racemic, Parameters);

        Assert.Equal(0.46, bound / (1 + bound), 0.01);
    }

    [Fact]
    public void The_reference_infusion_gives_a_pulse_a_drive_and_an_effect_of_one()
    {
        var pulse = MoodModel.Pulse(Mood, Parameters["reference_occupancy_hours"]);
        var drive = MoodModel.DriveWeights(Mood, [0], [24])[0, 0] * pulse;

        Assert.Equal(1, pulse, 1e-12);
        Assert.Equal(1, drive, 1e-12);
        Assert.Equal(1, MoodModel.Effect(Mood, drive), 1e-12);
    }

    [Fact]
    public void The_effect_rises_within_hours_and_fades_over_weeks()
    {
        var weights = MoodModel.DriveWeights(Mood, [0], [0, 2, 24, 168, 504]);

        Assert.Equal(0, weights[0, 0]);
        Assert.True(weights[1, 0] > 0.3);
        Assert.True(weights[2, 0] > weights[3, 0] && weights[3, 0] > weights[4, 0]);
    }

    [Fact]
    public void Benefit_has_no_tolerance_unless_it_is_asked_for()
    {
        Assert.Equal(0, Mood.Tolerance);
        var tolerant = new MoodParameters(Parameters.With(new Dictionary<string, double>(StringComparer.Ordinal) { ["benefit_tolerance"] = 0.1 }));
        var (weights, less) = (MoodModel.DriveWeights(Mood, [0, 48], [72]), MoodModel.DriveWeights(tolerant, [0, 48], [72]));

        Assert.Equal(weights[0, 0], less[0, 0], 1e-12);
        Assert.Equal(weights[0, 1] * Math.Exp(-0.1), less[0, 1], 1e-12);
    }

    [Fact]
    public void Expectancy_is_held_by_each_session_and_fades_after_the_last()
    {
        double[] course = [0, 48, 96, 168, 216, 264];

        Assert.Equal(MoodModel.ExpectancyCourse(Mood, [0], 24), MoodModel.ExpectancyCourse(Mood, course, 24), 1e-12);
        Assert.Equal(MoodModel.ExpectancyCourse(Mood, course, 24), MoodModel.ExpectancyCourse(Mood, course, 288), 1e-6);
        Assert.Equal(MoodModel.ExpectancyCourse(Mood, course, 288) / 2, MoodModel.ExpectancyCourse(Mood, course, 288 + Mood.ExpectancyHours), 1e-9);
        Assert.Equal(0, MoodModel.ExpectancyCourse(Mood, course, 0));
    }

    [Fact]
    public void Midazolam_has_an_effect_of_its_own_and_saline_and_ketamine_have_not()
    {
        Assert.Equal(Mood.MidazolamEffect, Mood.Of(Expectancy.Psychoactive, control: true) - Mood.Of(Expectancy.Psychoactive, control: false), 1e-12);
        Assert.Equal(Mood.Of(Expectancy.InertControl), Mood.Of(Expectancy.InertControl, control: true));
    }

    [Fact]
    public void Drug_effect_and_other_improvement_are_at_most_additive_and_neither_takes_from_the_other()
        => Gen.Double[0, 5].Select(Gen.Double[0, 5]).Sample((drug, other) =>
        {
            var both = MoodModel.Improvement(Mood, drug, other);
            return both <= drug + other + 1e-12 && both >= Math.Max(drug, other) - 1e-12;
        });

    [Fact]
    public void A_longer_duration_leaves_the_first_day_and_keeps_more_of_the_benefit_later()
    {
        var longer = Mood.WithDuration(2);
        var (usual, later) = (MoodModel.DriveWeights(Mood, [0], [24, 240]), MoodModel.DriveWeights(longer, [0], [24, 240]));

        Assert.Equal(usual[0, 0], later[0, 0], 1e-12);
        Assert.True(later[1, 0] > usual[1, 0]);
        Assert.Equal(Mood, Mood.WithDuration(1));
    }

    [Theory]
    [InlineData("bmi_moderator")]
    [InlineData("anxiety_moderator")]
    [InlineData("benzodiazepine_moderator")]
    [InlineData("bipolar_moderator")]
    [InlineData("family_alcohol_moderator")]
    [InlineData("lithium_effect")]
    [InlineData("rapamycin_effect")]
    public void What_is_not_shown_to_matter_is_zero_with_a_wide_interval_and_a_source(string name)
    {
        var parameter = Parameters.Parameter(name);

        Assert.Equal(0, parameter.Value);
        Assert.InRange(parameter.Uncertainty, 0.1, 1);
        Assert.NotEmpty(parameter.Source);
    }

    [Fact]
    public void A_score_never_leaves_its_scale()
        => Gen.Double[-40, 40].Sample(logit => MoodModel.Madrs(logit) is >= 0 and <= 60);

    [Fact]
    public void Logit_and_score_are_inverse_within_the_scale()
        => Gen.Double[0.5, 59.5].Sample(madrs => Math.Abs(MoodModel.Madrs(MoodModel.Logit(madrs)) - madrs) < 1e-9);

    [Theory]
    [InlineData("MADRS", "MADRS")]
    [InlineData("HDRS-24 24.9", "HAM-D24")]
    [InlineData("HAMD17", "HAM-D17")]
    [InlineData("HAM-D", "HAM-D17")]
    [InlineData("HAMD6", "HAM-D6")]
    [InlineData("QIDS-SR16", "QIDS")]
    [InlineData("IDS-C30", "IDS")]
    [InlineData("PHQ-9", "PHQ-9")]
    public void Scales_are_known_by_the_names_that_publications_use(string text, string scale)
        => Assert.Equal(scale, DepressionScale.Named(text)?.Name);

    [Fact]
    public void A_text_without_a_scale_names_none() => Assert.Null(DepressionScale.Named("quality of life"));

    [Fact]
    public void Dissociation_falls_over_sessions_to_its_floor()
    {
        var first = DissociationModel.Cadss(Parameters, 200, 1, 0);
        var later = DissociationModel.Cadss(Parameters, 200, 6, 0);

        Assert.True(later < first);
        Assert.Equal(Parameters["dissociation_tolerance_floor"], DissociationModel.Tolerance(Parameters, 60), 1e-6);
        Assert.True(DissociationModel.Cadss(Parameters, 1e6, 1, 0) <= DissociationModel.MaximumScore);
    }

    [Fact]
    public void A_side_effect_without_drug_has_its_background_and_grows_with_sessions_and_peak()
    {
        var nausea = Parameters.SideEffects.Single(effect => effect.Term is "nausea");

        Assert.Equal(1 - Math.Exp(-nausea.Background), SideEffectModel.Probability(nausea, 0, 8, 0.6), 1e-12);
        Assert.True(SideEffectModel.Probability(nausea, 1, 8, 0.6) > SideEffectModel.Probability(nausea, 1, 1, 0.6));
        Assert.True(SideEffectModel.Probability(nausea, 2, 1, 0.6) > SideEffectModel.Probability(nausea, 1, 1, 0.6));
    }

    [Fact]
    public void Every_parameter_has_a_unit_a_source_and_a_status()
        => Assert.All(Parameters.Parameters, parameter =>
        {
            Assert.NotEmpty(parameter.Unit);
            Assert.NotEmpty(parameter.Source);
            Assert.Contains(parameter.Status, new[] { "calibrated", "verified", "secondary", "derived", "assumed" }, StringComparer.Ordinal);
            Assert.True(double.IsFinite(parameter.Value));
        });

    [Fact]
    public void A_parameter_file_survives_being_written_and_read()
        => Assert.Equal(Parameters.ToJson(), ResponseParameters.Parse(Parameters.ToJson()).ToJson());

    [Theory]
    [InlineData("{", "response-parameters-not-understood")]
    [InlineData("""{"format":99,"version":"x","parameters":[],"correlated":[],"covariance":[],"sideEffects":[]}""", "response-parameters-format")]
    public void A_broken_parameter_file_is_refused_with_a_code(string json, string code)
        => Assert.Equal(code, Assert.Throws<InvalidInputException>(() => ResponseParameters.Parse(json)).Code);

    [Fact]
    public void An_unknown_parameter_is_an_error_that_names_it()
        => Assert.Equal("no_such", Assert.Throws<InvalidInputException>(() => Parameters["no_such"]).Field);
}
