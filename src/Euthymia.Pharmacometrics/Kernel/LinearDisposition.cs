namespace Euthymia.Pharmacometrics.Kernel;

/// <summary>
/// The exact solution of dA/dt = K A + r with K constant: A(t + h) = E(h) A(t) + G(h) r, E(h) = exp(K h),
/// G(h) = integral of E from 0 to h. Written in modes, A = V z with K V = V diag(lambda), both are diagonal. Where modes
/// nearly coincide across blocks V is ill-conditioned; then <see cref="IsModal"/> is false and <see cref="MatrixExponential"/>
/// serves instead. Work memory is made once and reused from patient to patient.
/// </summary>
internal sealed class LinearDisposition
{
    // Relative rounding error of a modal solution is about condition x 1e-16; beyond this it would pass 1e-11.
    private const double LargestCondition = 1e5;

    private readonly LinearStructure _structure;
    private readonly double[] _scale;
    private readonly double[] _symmetric;
    private readonly double[] _rotation;
    private readonly double[] _basis;
    private readonly double[] _inverseBasis;
    private readonly double[] _triangular;
    private readonly double[] _mix;
    private readonly double[] _unmix;
    private readonly int[] _order;

    public LinearDisposition(LinearStructure structure)
    {
        _structure = structure;
        var n = structure.Size;
        Rates = new double[n];
        Modes = new double[n * n];
        InverseModes = new double[n * n];
        _scale = new double[n];
        _symmetric = new double[n * n];
        _rotation = new double[n * n];
        _basis = new double[n * n];
        _inverseBasis = new double[n * n];
        _triangular = new double[n * n];
        _mix = new double[n * n];
        _unmix = new double[n * n];
        _order = [.. structure.Blocks.SelectMany(block => block)];
    }

    /// <summary>Eigenvalues of K, 1/h, none above zero by more than rounding.</summary>
    public double[] Rates { get; }

    /// <summary>V, row-major: amounts from modes.</summary>
    public double[] Modes { get; }

    /// <summary>V^-1, row-major: modes from amounts.</summary>
    public double[] InverseModes { get; }

    /// <summary>Whether the modes may be used.</summary>
    public bool IsModal { get; private set; }

    /// <summary>Decomposes K of one patient.</summary>
    public void Decompose(ReadOnlySpan<double> matrix)
    {
        var n = _structure.Size;
        _basis.AsSpan().Clear();
        _inverseBasis.AsSpan().Clear();
        foreach (var block in _structure.Blocks)
            DecomposeBlock(block, matrix);

        // T = B^-1 K B: diagonal inside blocks, couplings below.
        Product(_inverseBasis, matrix, _mix, n);
        Product(_mix, _basis, _triangular, n);
        IsModal = SolveCouplings();
        if (!IsModal)
            return;
        Product(_basis, _mix, Modes, n);
        Product(_unmix, _inverseBasis, InverseModes, n);
    }

    /// <summary>
    /// A block that exchanges along a tree: S = D^-1 K D is symmetric with d_to / d_from = sqrt(K[to,from] / K[from,to]).
    /// </summary>
    private void DecomposeBlock(int[] block, ReadOnlySpan<double> matrix)
    {
        var n = _structure.Size;
        var m = block.Length;
        _scale.AsSpan(0, m).Clear();
        _scale[0] = 1;
        for (var pass = 1; pass < m; pass++)
            for (var from = 0; from < m; from++)
                for (var to = 0; to < m; to++)
                    if (_scale[from] > 0 && _scale[to] == 0 && matrix[block[to] * n + block[from]] is > 0 and var there)
                        _scale[to] = _scale[from] * Math.Sqrt(there / matrix[block[from] * n + block[to]]);

        // A compartment that this patient's drug does not reach has no scale to agree with.
        for (var i = 0; i < m; i++)
            if (_scale[i] == 0)
                _scale[i] = 1;

        for (var i = 0; i < m; i++)
            for (var j = 0; j < m; j++)
                _symmetric[i * m + j] = i == j
                    ? matrix[block[i] * n + block[i]]
                    : Math.Sqrt(matrix[block[i] * n + block[j]] * matrix[block[j] * n + block[i]]);
        SymmetricEigen.Jacobi(_symmetric, _rotation, m);
        for (var mode = 0; mode < m; mode++)
        {
            Rates[block[mode]] = Math.Min(_symmetric[mode * m + mode], 0);
            for (var i = 0; i < m; i++)
            {
                _basis[block[i] * n + block[mode]] = _scale[i] * _rotation[i * m + mode];
                _inverseBasis[block[mode] * n + block[i]] = _rotation[i * m + mode] / _scale[i];
            }
        }
    }

    /// <summary>
    /// Eigenvectors X of T with unit diagonal: x_ij = sum_k t_ik x_kj / (lambda_j - lambda_i) for i fed by j, and X^-1 by
    /// forward substitution. False when modes of different blocks are too close for that to be accurate.
    /// </summary>
    private bool SolveCouplings()
    {
        var n = _structure.Size;
        _mix.AsSpan().Clear();
        _unmix.AsSpan().Clear();
        for (var column = 0; column < n; column++)
        {
            var j = _order[column];
            _mix[j * n + j] = 1;
            for (var row = column + 1; row < n; row++)
            {
                var i = _order[row];
                var coupling = 0.0;
                for (var middle = column; middle < row; middle++)
                    if (_structure.BlockOf[_order[middle]] != _structure.BlockOf[i])
                        coupling += _triangular[i * n + _order[middle]] * _mix[_order[middle] * n + j];
                if (coupling != 0)
                    _mix[i * n + j] = coupling / (Rates[j] - Rates[i]);
            }
        }

        for (var column = 0; column < n; column++)
        {
            var j = _order[column];
            _unmix[j * n + j] = 1;
            for (var row = column + 1; row < n; row++)
            {
                var sum = 0.0;
                for (var middle = column; middle < row; middle++)
                    sum -= _mix[_order[row] * n + _order[middle]] * _unmix[_order[middle] * n + j];
                _unmix[_order[row] * n + j] = sum;
            }
        }

        return Condition() <= LargestCondition;
    }

    /// <summary>The largest entry of |X| |X^-1|: by how much the sum over modes can cancel. Infinite or NaN modes count as too large.</summary>
    private double Condition()
    {
        var n = _structure.Size;
        var largest = 0.0;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < n; k++)
                    sum += Math.Abs(_mix[i * n + k] * _unmix[k * n + j]);
                largest = sum <= double.MaxValue ? Math.Max(largest, sum) : double.PositiveInfinity;
            }
        }

        return largest;
    }

    private static void Product(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result, int n)
    {
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < n; k++)
                    sum += left[i * n + k] * right[k * n + j];
                result[i * n + j] = sum;
            }
        }
    }
}
