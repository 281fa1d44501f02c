namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>A model whose last observation is one of its own random effects: pinning that effect walks along the posterior.</summary>
internal sealed class PinnedModel(IndividualModel model, int effect) : IndividualModel
{
    public override int EffectCount => model.EffectCount;

    public override int ObservationCount => model.ObservationCount + 1;

    public override void Predict(ReadOnlySpan<double> effects, Span<double> predictions)
    {
        model.Predict(effects, predictions);
        effects.Slice(effect * Lanes, Lanes).CopyTo(predictions[(model.ObservationCount * Lanes)..]);
    }
}
