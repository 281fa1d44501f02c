using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Odes;

/// <summary>
/// The stiffly accurate Rosenbrock method RODAS of orders 4 and 3 with its interpolant of order 3 (Hairer, Wanner: Solving
/// Ordinary Differential Equations II, IV.7 and IV.10), L-stable: the method for stiff systems. Its linear systems are solved
/// with row exchanges that each lane decides for itself.
/// </summary>
internal readonly unsafe struct Rodas4 : IOdeMethod
{
    private const double Gamma = 0.25;

    private static ReadOnlySpan<double> Nodes => [0, 0.386, 0.21, 0.63, 1, 1];

    private static ReadOnlySpan<double> TimeSlopes => [0.25, -0.1043, 0.1035, -0.3620000000000023e-01, 0, 0];

    // Row i: weights of the increments 1..i in the argument of stage i + 1.
    private static ReadOnlySpan<double> Arguments =>
    [
        1.544, 0, 0, 0, 0,
        0.9466785280815826, 0.2557011698983284, 0, 0, 0,
        3.314825187068521, 2.896124015972201, 0.9986419139977817, 0, 0,
        1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 0,
        1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1,
    ];

    // Row i: weights of the increments 1..i, divided by the step, on the right-hand side of stage i + 1.
    private static ReadOnlySpan<double> Couplings =>
    [
        -5.6688, 0, 0, 0, 0,
        -2.430093356833875, -0.2063599157091915, 0, 0, 0,
        -0.1073529058151375, -9.594562251023355, -20.47028614809616, 0, 0,
        7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160, 0,
        8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054,
    ];

    private static ReadOnlySpan<double> Bends =>
        [10.12623508344586, -7.487995877610167, -34.80091861555747, -7.992771707568823, 1.025137723295662];

    private static ReadOnlySpan<double> Twists =>
        [-0.6762803392806898, 6.087714651680015, 16.43084320892478, 24.76722511418386, -6.594389125716872];

    public static int Order => 4;

    public static int EstimateOrder => 4;

    public static int Work(int n) => (6 * n) + (n * n) + (3 * n) + (n * n);

    public static void Step<T, TModel>(OdeSystem<T, TModel> system, T time, T size, T* y, T* next, T* error, T* work)
        where T : unmanaged, ILane<T>
        where TModel : IOdeModel
    {
        var n = TModel.StateCount;
        T* increments = work, matrix = work + (6 * n), byTime = matrix + (n * n), argument = byTime + n, right = argument + n, swaps = right + n;
        T reciprocal = 1.0 / size;
        system.Jacobian(time, y, matrix, byTime);
        for (var i = 0; i < n * n; i++)
            matrix[i] = -matrix[i];
        for (var i = 0; i < n; i++)
            matrix[i * (n + 1)] += reciprocal * (1 / Gamma);
        Factorise(n, matrix, swaps);
        for (var stage = 0; stage < 6; stage++)
        {
            for (var i = 0; i < n; i++)
            {
                var sum = y[i];
                for (var j = 0; j < stage; j++)
                    sum = T.MultiplyAdd(increments[(j * n) + i], Arguments[((stage - 1) * 5) + j], sum);
                argument[i] = sum;
            }
            system.Derivative(time + (size * Nodes[stage]), argument, right);
            for (var i = 0; i < n; i++)
            {
                T coupled = 0.0;
                for (var j = 0; j < stage; j++)
                    coupled = T.MultiplyAdd(increments[(j * n) + i], Couplings[((stage - 1) * 5) + j], coupled);
                right[i] += (reciprocal * coupled) + (size * TimeSlopes[stage] * byTime[i]);
            }
            Solve(n, matrix, swaps, right);
            for (var i = 0; i < n; i++)
                increments[(stage * n) + i] = right[i];
        }
        // Stiffly accurate: the last increment is the error estimate and completes the solution.
        for (var i = 0; i < n; i++)
        {
            error[i] = right[i];
            next[i] = argument[i] + right[i];
        }
    }

    public static T Interpolate<T>(int n, int state, T fraction, T size, T* y, T* next, T* work)
        where T : unmanaged, ILane<T>
    {
        T rest = 1.0 - fraction, bend = 0.0, twist = 0.0;
        for (var j = 0; j < 5; j++)
        {
            bend = T.MultiplyAdd(work[(j * n) + state], Bends[j], bend);
            twist = T.MultiplyAdd(work[(j * n) + state], Twists[j], twist);
        }
        return (rest * y[state]) + (fraction * (next[state] + (rest * (bend + (fraction * twist)))));
    }

    private static void Factorise<T>(int n, T* matrix, T* swaps)
        where T : unmanaged, ILane<T>
    {
        for (var k = 0; k < n; k++)
        {
            for (var i = k + 1; i < n; i++)
            {
                // Bubble the larger pivot up, lane by lane; the masks repeat the exchanges on right-hand sides.
                var keep = T.AtMost(T.Abs(matrix[(i * n) + k]), T.Abs(matrix[(k * n) + k]));
                swaps[(k * n) + i] = keep;
                for (var j = 0; j < n; j++)
                    Exchange(keep, ref matrix[(k * n) + j], ref matrix[(i * n) + j]);
            }
            var pivot = 1.0 / matrix[(k * n) + k];
            for (var i = k + 1; i < n; i++)
            {
                var factor = matrix[(i * n) + k] * pivot;
                matrix[(i * n) + k] = factor;
                for (var j = k + 1; j < n; j++)
                    matrix[(i * n) + j] -= factor * matrix[(k * n) + j];
            }
        }
    }

    // The factors are exchanged along with their rows, so all exchanges come before the forward substitution.
    private static void Solve<T>(int n, T* matrix, T* swaps, T* right)
        where T : unmanaged, ILane<T>
    {
        for (var k = 0; k < n; k++)
        {
            for (var i = k + 1; i < n; i++)
                Exchange(swaps[(k * n) + i], ref right[k], ref right[i]);
        }
        for (var i = 1; i < n; i++)
        {
            for (var j = 0; j < i; j++)
                right[i] -= matrix[(i * n) + j] * right[j];
        }
        for (var i = n - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < n; j++)
                right[i] -= matrix[(i * n) + j] * right[j];
            right[i] /= matrix[(i * n) + i];
        }
    }

    private static void Exchange<T>(T keep, ref T a, ref T b)
        where T : unmanaged, ILane<T>
    {
        T upper = T.Select(keep, a, b), lower = T.Select(keep, b, a);
        a = upper;
        b = lower;
    }
}
