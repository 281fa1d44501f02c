using Euthymia.Numerics.Cascades;
using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Tests.Cascades;

/// <summary>A depot that empties into a central compartment, which has one peripheral neighbour. Inputs: depot, central.</summary>
internal readonly struct DepotModel : ICascadeModel
{
    public static int ParameterCount => 4;

    public static int CompartmentCount => 3;

    public static int ResponseCount => 0;

    public static ReadOnlySpan<int> Inputs => [0, 1];

    public static ReadOnlySpan<int> Drivers => [];

    // Parameters: absorption, elimination, central to peripheral, peripheral to central (all per hour).
    public static void Disposition<T>(Row<T> p, RateMatrix<T> k)
        where T : unmanaged, ILane<T>
    {
        k.Flow(0, 1, p[0]);
        k.Loss(1, p[1]);
        k.Flow(1, 2, p[2]);
        k.Flow(2, 1, p[3]);
    }

    public static T InputScale<T>(int input, Row<T> p)
        where T : unmanaged, ILane<T> => 1.0;

    public static void Start<T>(Row<T> p, Row<T> compartments, Row<T> responses)
        where T : unmanaged, ILane<T>
    {
    }

    public static void Response<T>(double time, Row<T> p, Row<T> drivers, Row<T> y, Row<T> dy)
        where T : unmanaged, ILane<T>
    {
    }
}

/// <summary>A response that follows exactly: y' = a x(t) - b y and z' = -z^2, beside one compartment x.</summary>
internal readonly struct FollowerModel : ICascadeModel
{
    public static int ParameterCount => 3;

    public static int CompartmentCount => 1;

    public static int ResponseCount => 2;

    public static ReadOnlySpan<int> Inputs => [0];

    public static ReadOnlySpan<int> Drivers => [0];

    public static void Disposition<T>(Row<T> p, RateMatrix<T> k)
        where T : unmanaged, ILane<T> => k.Loss(0, p[0]);

    public static T InputScale<T>(int input, Row<T> p)
        where T : unmanaged, ILane<T> => 1.0;

    public static void Start<T>(Row<T> p, Row<T> compartments, Row<T> responses)
        where T : unmanaged, ILane<T>
    {
        compartments[0] = 1.0;
        responses[1] = 1.0;
    }

    public static void Response<T>(double time, Row<T> p, Row<T> drivers, Row<T> y, Row<T> dy)
        where T : unmanaged, ILane<T>
    {
        dy[0] = (p[1] * drivers[0]) - (p[2] * y[0]);
        dy[1] = -(y[1] * y[1]);
    }
}
