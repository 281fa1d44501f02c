using Euthymia.Numerics.Random;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>
/// Moves draws about the posterior where importance weights alone are poor: one tail of the posterior reaches much further than
/// the normal approximation sees. Each move is an elliptical slice sampler's (Murray, Adams, MacKay, AISTATS 2010), which
/// leaves the posterior as it is and needs no tuning; by turns on the ellipse of the population and of the approximation
/// (Nishihara, Murray, Adams, J Mach Learn Res 15 (2014) 2087-2112).
/// </summary>
internal sealed class EllipticalSlice
{
    private const int Lanes = IndividualModel.Lanes;
    private const double Widening = 1.3;
    private const int MostShrinkages = 60;
    private const ulong FirstStream = 1UL << 60;

    private readonly Func<IndividualModel> _models;
    private readonly Residual[] _residuals;
    private readonly int _size;
    private readonly ulong _seed;
    private readonly PosteriorMode _shape;

    public EllipticalSlice(Func<IndividualModel> models, Residual[] residuals, int size, ulong seed, PosteriorMode shape)
        => (_models, _residuals, _size, _seed, _shape) = (models, residuals, size, seed, shape);

    /// <summary>Moves every draw so many times, in place.</summary>
    public void Move(double[] draws, int moves, int threads, CancellationToken cancellation)
    {
        var count = draws.Length / _size;
        Parallel.For(
            0, (count + Lanes - 1) / Lanes,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
            () => new Group(this, _models()),
            (group, _, work) =>
            {
                work.Load(draws, group, count);
                for (var move = 0; move < moves; move++)
                    work.Move(move);
                work.Store(draws, count);
                return work;
            },
            _ => { });
    }

    /// <summary>Eight draws that move side by side.</summary>
    private sealed class Group(EllipticalSlice owner, IndividualModel model)
    {
        private readonly int _size = owner._size;
        private readonly double[] _current = new double[owner._size * Lanes];
        private readonly double[] _direction = new double[owner._size * Lanes];
        private readonly double[] _proposed = new double[owner._size * Lanes];
        private readonly double[] _predictions = new double[owner._residuals.Length * Lanes];
        private readonly double[] _vector = new double[owner._size];
        private readonly double[] _level = new double[Lanes];
        private readonly double[] _angle = new double[Lanes];
        private readonly double[] _low = new double[Lanes];
        private readonly double[] _high = new double[Lanes];
        private readonly double[] _value = new double[Lanes];
        private int _group;

        public void Load(double[] draws, int group, int count)
        {
            _group = group;
            for (var lane = 0; lane < Lanes; lane++)
                for (var k = 0; k < _size; k++)
                    _current[k * Lanes + lane] = draws[Math.Min(group * Lanes + lane, count - 1) * _size + k];
        }

        public void Store(double[] draws, int count)
        {
            for (var lane = 0; lane < Lanes && _group * Lanes + lane < count; lane++)
                for (var k = 0; k < _size; k++)
                    draws[(_group * Lanes + lane) * _size + k] = _current[k * Lanes + lane];
        }

        public void Move(int move)
        {
            var onPopulation = move % 2 == 0;
            Evaluate(_current, onPopulation);
            var deviate = (uint)move * (uint)(_size + MostShrinkages + 4);
            for (var lane = 0; lane < Lanes; lane++)
            {
                var deviates = Of(lane);
                Direct(lane, onPopulation, deviates, deviate);
                _level[lane] = _value[lane] + Math.Log(deviates.Uniform(deviate + (uint)_size));
                _angle[lane] = 2 * Math.PI * deviates.Uniform(deviate + (uint)_size + 1);
                (_low[lane], _high[lane]) = (_angle[lane] - 2 * Math.PI, _angle[lane]);
            }

            var pending = (1 << Lanes) - 1;
            for (var shrinkage = 0u; pending != 0 && shrinkage < MostShrinkages; shrinkage++)
                pending = Try(pending, onPopulation, deviate + (uint)_size + 2 + shrinkage);
        }

        // A lane that has found its place stays there; the others shrink their bracket towards where they were.
        private int Try(int pending, bool onPopulation, uint deviate)
        {
            for (var lane = 0; lane < Lanes; lane++)
            {
                var (sine, cosine) = Math.SinCos(_angle[lane]);
                for (var k = 0; k < _size; k++)
                {
                    var centre = onPopulation ? 0 : owner._shape.Centre[k];
                    var at = k * Lanes + lane;
                    _proposed[at] = (pending >> lane & 1) == 0 ? _current[at] : centre + (_current[at] - centre) * cosine + _direction[at] * sine;
                }
            }

            Evaluate(_proposed, onPopulation);
            for (var lane = 0; lane < Lanes; lane++)
            {
                if ((pending >> lane & 1) == 0)
                    continue;
                if (_value[lane] > _level[lane])
                {
                    pending &= ~(1 << lane);
                    for (var k = 0; k < _size; k++)
                        _current[k * Lanes + lane] = _proposed[k * Lanes + lane];
                    continue;
                }

                (_low[lane], _high[lane]) = _angle[lane] < 0 ? (_angle[lane], _high[lane]) : (_low[lane], _angle[lane]);
                _angle[lane] = _low[lane] + (_high[lane] - _low[lane]) * Of(lane).Uniform(deviate);
            }

            return pending;
        }

        private Deviates Of(int lane) => new(owner._seed, FirstStream + (ulong)(_group * Lanes + lane));

        private void Direct(int lane, bool onPopulation, Deviates deviates, uint deviate)
        {
            for (var k = 0; k < _size; k++)
                _vector[k] = deviates.Normal(deviate + (uint)k) * (onPopulation ? 1 : Widening);
            if (!onPopulation)
                Cholesky.SolveTransposed(owner._shape.Factor, _vector, _size);
            for (var k = 0; k < _size; k++)
                _direction[k * Lanes + lane] = _vector[k];
        }

        // ln posterior less the ellipse's own normal density.
        private void Evaluate(double[] points, bool onPopulation)
        {
            model.Predict(points, _predictions);
            for (var lane = 0; lane < Lanes; lane++)
            {
                var objective = 0.0;
                for (var j = 0; j < owner._residuals.Length; j++)
                    objective += owner._residuals[j].Value(_predictions[j * Lanes + lane]);
                if (!onPopulation)
                {
                    for (var k = 0; k < _size; k++)
                    {
                        _vector[k] = points[k * Lanes + lane];
                        objective += _vector[k] * _vector[k];
                    }

                    objective -= owner._shape.SquaredDistance(_vector) / (Widening * Widening);
                }

                _value[lane] = double.IsFinite(objective) ? -0.5 * objective : double.NegativeInfinity;
            }
        }
    }
}
