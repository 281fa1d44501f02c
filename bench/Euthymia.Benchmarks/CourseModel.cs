using System.Runtime.CompilerServices;
using Euthymia.Numerics.Cascades;
using Euthymia.Numerics.Lanes;

namespace Euthymia.Benchmarks;

/// <summary>
/// The benchmark's six-infusion course: ketamine in three compartments, norketamine in two, an effect site, and a response
/// with tolerance M, plasticity P and score R. Amounts in mg, volumes in L, effect site in ng/mL, time in h.
/// </summary>
internal readonly struct CourseModel : ICascadeModel
{
    private const double FormedNorketamine = 0.6, NorketaminePotency = 0.15, Tolerance = 4, HalfPlasticity = 0.25;
    private const int WT = 0, CL = 1, V1 = 2, Q2 = 3, V2 = 4, Q3 = 5, V3 = 6, CLN = 7, VN1 = 8, QN = 9, VN2 = 10, KE0 = 11,
        EC50 = 12, KTOL = 13, KPIN = 14, KPOUT = 15, KOUT = 16, BASE = 17, IMAX = 18;
    private const int A1 = 0, A2 = 1, A3 = 2, N1 = 3, N2 = 4, CE = 5, M = 0, P = 1, R = 2;

    public static int ParameterCount => 19;

    public static int CompartmentCount => 6;

    public static int ResponseCount => 3;

    public static ReadOnlySpan<int> Inputs => [A1];

    public static ReadOnlySpan<int> Drivers => [CE];

    public static void Disposition<T>(Row<T> p, RateMatrix<T> k)
        where T : unmanaged, ILane<T>
    {
        k.Loss(A1, p[CL] / p[V1]);
        k.Flow(A1, A2, p[Q2] / p[V1]);
        k.Flow(A2, A1, p[Q2] / p[V2]);
        k.Flow(A1, A3, p[Q3] / p[V1]);
        k.Flow(A3, A1, p[Q3] / p[V3]);
        k.Formation(A1, N1, FormedNorketamine * p[CL] / p[V1]);
        k.Loss(N1, p[CLN] / p[VN1]);
        k.Flow(N1, N2, p[QN] / p[VN1]);
        k.Flow(N2, N1, p[QN] / p[VN2]);
        k.Formation(A1, CE, 1000.0 * p[KE0] / p[V1]);
        k.Formation(N1, CE, NorketaminePotency * 1000.0 * p[KE0] / p[VN1]);
        k.Loss(CE, p[KE0]);
    }

    // Doses are given in mg/kg.
    public static T InputScale<T>(int input, Row<T> p)
        where T : unmanaged, ILane<T> => p[WT];

    public static void Start<T>(Row<T> p, Row<T> compartments, Row<T> responses)
        where T : unmanaged, ILane<T> => responses[R] = p[BASE];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Response<T>(double time, Row<T> p, Row<T> driver, Row<T> y, Row<T> dy)
        where T : unmanaged, ILane<T>
    {
        // Both saturating terms from one division, the dearest operation here.
        var occupied = T.MultiplyAdd(p[EC50], T.MultiplyAdd(y[M], Tolerance, 1.0), driver[0]);
        var plastic = y[P] + HalfPlasticity;
        var reciprocal = 1.0 / (occupied * plastic);
        var s = driver[0] * plastic * reciprocal;
        var relief = p[IMAX] * y[P] * occupied * reciprocal;
        var formed = p[KPIN] * s;
        dy[M] = p[KTOL] * (s - y[M]);
        dy[P] = T.MultiplyAddNegated(y[P], formed + p[KPOUT], formed);
        dy[R] = p[KOUT] * (T.MultiplyAddNegated(p[BASE], relief, p[BASE]) - y[R]);
    }
}
