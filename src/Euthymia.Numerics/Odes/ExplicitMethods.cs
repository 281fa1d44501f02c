using Euthymia.Numerics.Lanes;

namespace Euthymia.Numerics.Odes;

/// <summary>
/// Bogacki and Shampine's pair of orders 3 and 2 (Appl. Math. Lett. 2 (1989) 321-325), with cubic Hermite interpolation:
/// for loose tolerances.
/// </summary>
internal readonly unsafe struct BogackiShampine3 : IOdeMethod
{
    public static int Order => 3;

    public static int EstimateOrder => 3;

    public static int Work(int n) => 5 * n;

    public static void Step<T, TModel>(OdeSystem<T, TModel> system, T time, T size, T* y, T* next, T* error, T* work)
        where T : unmanaged, ILane<T>
        where TModel : IOdeModel
    {
        var n = TModel.StateCount;
        T* k1 = work, k2 = k1 + n, k3 = k2 + n, k4 = k3 + n, stage = k4 + n;
        system.Derivative(time, y, k1);
        for (var i = 0; i < n; i++)
            stage[i] = y[i] + (size * 0.5 * k1[i]);
        system.Derivative(time + (size * 0.5), stage, k2);
        for (var i = 0; i < n; i++)
            stage[i] = y[i] + (size * 0.75 * k2[i]);
        system.Derivative(time + (size * 0.75), stage, k3);
        for (var i = 0; i < n; i++)
            next[i] = y[i] + (size * ((k1[i] * (2.0 / 9)) + (k2[i] * (1.0 / 3)) + (k3[i] * (4.0 / 9))));
        system.Derivative(time + size, next, k4);
        for (var i = 0; i < n; i++)
            error[i] = size * ((k1[i] * (-5.0 / 72)) + (k2[i] * (1.0 / 12)) + (k3[i] * (1.0 / 9)) + (k4[i] * (-1.0 / 8)));
    }

    public static T Interpolate<T>(int n, int state, T fraction, T size, T* y, T* next, T* work)
        where T : unmanaged, ILane<T>
    {
        T rest = 1.0 - fraction, rise = next[state] - y[state];
        var bend = ((1.0 - (2.0 * fraction)) * rise) + (size * (((fraction - 1.0) * work[state]) + (fraction * work[(3 * n) + state])));
        return (rest * y[state]) + (fraction * next[state]) + (fraction * (fraction - 1.0) * bend);
    }
}

/// <summary>
/// Dormand and Prince's pair of orders 5 and 4 (J. Comput. Appl. Math. 6 (1980) 19-26) with its interpolant of order 4
/// (Hairer, Norsett, Wanner: Solving Ordinary Differential Equations I, II.6): the method for nonstiff systems.
/// </summary>
internal readonly unsafe struct DormandPrince5 : IOdeMethod
{
    public static int Order => 5;

    public static int EstimateOrder => 5;

    public static int Work(int n) => 8 * n;

    public static void Step<T, TModel>(OdeSystem<T, TModel> system, T time, T size, T* y, T* next, T* error, T* work)
        where T : unmanaged, ILane<T>
        where TModel : IOdeModel
    {
        var n = TModel.StateCount;
        T* k1 = work, k2 = k1 + n, k3 = k2 + n, k4 = k3 + n, k5 = k4 + n, k6 = k5 + n, k7 = k6 + n, stage = k7 + n;
        system.Derivative(time, y, k1);
        for (var i = 0; i < n; i++)
            stage[i] = y[i] + (size * 0.2 * k1[i]);
        system.Derivative(time + (size * 0.2), stage, k2);
        for (var i = 0; i < n; i++)
            stage[i] = y[i] + (size * ((k1[i] * (3.0 / 40)) + (k2[i] * (9.0 / 40))));
        system.Derivative(time + (size * 0.3), stage, k3);
        for (var i = 0; i < n; i++)
            stage[i] = y[i] + (size * ((k1[i] * (44.0 / 45)) + (k2[i] * (-56.0 / 15)) + (k3[i] * (32.0 / 9))));
        system.Derivative(time + (size * 0.8), stage, k4);
        for (var i = 0; i < n; i++)
        {
            stage[i] = y[i] + (size * ((k1[i] * (19372.0 / 6561)) + (k2[i] * (-25360.0 / 2187)) + (k3[i] * (64448.0 / 6561))
                + (k4[i] * (-212.0 / 729))));
        }
        system.Derivative(time + (size * (8.0 / 9)), stage, k5);
        for (var i = 0; i < n; i++)
        {
            stage[i] = y[i] + (size * ((k1[i] * (9017.0 / 3168)) + (k2[i] * (-355.0 / 33)) + (k3[i] * (46732.0 / 5247))
                + (k4[i] * (49.0 / 176)) + (k5[i] * (-5103.0 / 18656))));
        }
        system.Derivative(time + size, stage, k6);
        for (var i = 0; i < n; i++)
        {
            next[i] = y[i] + (size * ((k1[i] * (35.0 / 384)) + (k3[i] * (500.0 / 1113)) + (k4[i] * (125.0 / 192))
                + (k5[i] * (-2187.0 / 6784)) + (k6[i] * (11.0 / 84))));
        }
        system.Derivative(time + size, next, k7);
        for (var i = 0; i < n; i++)
        {
            error[i] = size * ((k1[i] * (71.0 / 57600)) + (k3[i] * (-71.0 / 16695)) + (k4[i] * (71.0 / 1920))
                + (k5[i] * (-17253.0 / 339200)) + (k6[i] * (22.0 / 525)) + (k7[i] * (-1.0 / 40)));
        }
    }

    public static T Interpolate<T>(int n, int state, T fraction, T size, T* y, T* next, T* work)
        where T : unmanaged, ILane<T>
    {
        var k = work + state;
        T rest = 1.0 - fraction, rise = next[state] - y[state];
        var bend = (size * k[0]) - rise;
        var twist = rise - (size * k[6 * n]) - bend;
        var last = size * ((k[0] * (-12715105075.0 / 11282082432)) + (k[2 * n] * (87487479700.0 / 32700410799)) + (k[3 * n] * (-10690763975.0 / 1880347072))
            + (k[4 * n] * (701980252875.0 / 199316789632)) + (k[5 * n] * (-1453857185.0 / 822651844)) + (k[6 * n] * (69997945.0 / 29380423)));
        return y[state] + (fraction * (rise + (rest * (bend + (fraction * (twist + (rest * last)))))));
    }
}
