using Euthymia.Numerics.Lanes;
using Euthymia.Numerics.Odes;

namespace Euthymia.Numerics.Tests.Odes;

// Problems of the test set for initial value problem solvers (Mazzia, Magherini; Bari) and of Hairer and Wanner's book.
internal readonly struct Hires : IOdeModel
{
    public static int ParameterCount => 1;

    public static int StateCount => 8;

    public static ReadOnlySpan<int> Inputs => [];

    public static void Start<T>(Row<T> p, Row<T> y)
        where T : unmanaged, ILane<T> => (y[0], y[7]) = (p[0], 0.0057);

    public static void Derivative<T>(T time, Row<T> p, Row<T> y, Row<T> dy)
        where T : unmanaged, ILane<T>
    {
        dy[0] = (-1.71 * y[0]) + (0.43 * y[1]) + (8.32 * y[2]) + 0.0007;
        dy[1] = (1.71 * y[0]) - (8.75 * y[1]);
        dy[2] = (-10.03 * y[2]) + (0.43 * y[3]) + (0.035 * y[4]);
        dy[3] = (8.32 * y[1]) + (1.71 * y[2]) - (1.12 * y[3]);
        dy[4] = (-1.745 * y[4]) + (0.43 * y[5]) + (0.43 * y[6]);
        dy[5] = (-280.0 * y[5] * y[7]) + (0.69 * y[3]) + (1.71 * y[4]) - (0.43 * y[5]) + (0.69 * y[6]);
        dy[6] = (280.0 * y[5] * y[7]) - (1.81 * y[6]);
        dy[7] = -dy[6];
    }
}

internal readonly struct Orego : IOdeModel
{
    public static int ParameterCount => 1;

    public static int StateCount => 3;

    public static ReadOnlySpan<int> Inputs => [];

    public static void Start<T>(Row<T> p, Row<T> y)
        where T : unmanaged, ILane<T> => (y[0], y[1], y[2]) = (p[0], 2.0, 3.0);

    public static void Derivative<T>(T time, Row<T> p, Row<T> y, Row<T> dy)
        where T : unmanaged, ILane<T>
    {
        dy[0] = 77.27 * (y[1] + (y[0] * (1.0 - (8.375e-6 * y[0]) - y[1])));
        dy[1] = (y[2] - ((1.0 + y[0]) * y[1])) / 77.27;
        dy[2] = 0.161 * (y[0] - y[2]);
    }
}

internal readonly struct Rober : IOdeModel
{
    public static int ParameterCount => 1;

    public static int StateCount => 3;

    public static ReadOnlySpan<int> Inputs => [];

    public static void Start<T>(Row<T> p, Row<T> y)
        where T : unmanaged, ILane<T> => y[0] = p[0];

    public static void Derivative<T>(T time, Row<T> p, Row<T> y, Row<T> dy)
        where T : unmanaged, ILane<T>
    {
        dy[0] = (-0.04 * y[0]) + (1e4 * y[1] * y[2]);
        dy[2] = 3e7 * y[1] * y[1];
        dy[1] = -dy[0] - dy[2];
    }
}

internal readonly struct VanDerPol : IOdeModel
{
    public static int ParameterCount => 1;

    public static int StateCount => 2;

    public static ReadOnlySpan<int> Inputs => [];

    public static void Start<T>(Row<T> p, Row<T> y)
        where T : unmanaged, ILane<T> => y[0] = 2.0;

    public static void Derivative<T>(T time, Row<T> p, Row<T> y, Row<T> dy)
        where T : unmanaged, ILane<T>
    {
        dy[0] = y[1];
        dy[1] = (((1.0 - (y[0] * y[0])) * y[1]) - y[0]) / p[0];
    }
}

/// <summary>y' = -p (y - cos t) with a time-dependent right-hand side, and z' = z^2/p2, which ends at t = p2.</summary>
internal readonly struct Forced : IOdeModel
{
    public static int ParameterCount => 2;

    public static int StateCount => 2;

    public static ReadOnlySpan<int> Inputs => [0];

    public static void Start<T>(Row<T> p, Row<T> y)
        where T : unmanaged, ILane<T> => (y[0], y[1]) = (1.0, 1.0);

    public static void Derivative<T>(T time, Row<T> p, Row<T> y, Row<T> dy)
        where T : unmanaged, ILane<T>
    {
        dy[0] = p[0] * (T.Exp(-time) - y[0]);
        dy[1] = y[1] * y[1] / p[1];
    }
}
