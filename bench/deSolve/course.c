/* The benchmark's course (bench/Euthymia.Benchmarks/CourseModel.cs) for deSolve's lsoda: amounts in mg, volumes in L, time in h. */
#include <R.h>

enum { WT, CL, V1, Q2, V2, Q3, V3, CLN, VN1, QN, VN2, KE0, EC50, KTOL, KPIN, KPOUT, KOUT, BASE, IMAX, RATE, COUNT };
static double p[COUNT];

void initialise(void (*parameters)(int *, double *))
{
    int count = COUNT;
    parameters(&count, p);
}

/* Parameters are read first: the compiler cannot know that d is not p. */
void derivatives(int *states, double *t, double *y, double *d, double *out, int *ip)
{
    double cl = p[CL], v1 = p[V1], q2 = p[Q2], v2 = p[V2], q3 = p[Q3], v3 = p[V3], cln = p[CLN], vn1 = p[VN1], qn = p[QN], vn2 = p[VN2];
    double ke0 = p[KE0], ec50 = p[EC50], ktol = p[KTOL], kpin = p[KPIN], kpout = p[KPOUT], kout = p[KOUT], base = p[BASE], imax = p[IMAX], rate = p[RATE];
    double a1 = y[0], a2 = y[1], a3 = y[2], n1 = y[3], n2 = y[4], ce = y[5], m = y[6], plastic = y[7], r = y[8];
    double s = ce / (ec50 * (1 + 4 * m) + ce);
    d[0] = rate - (cl + q2 + q3) / v1 * a1 + q2 / v2 * a2 + q3 / v3 * a3;
    d[1] = q2 / v1 * a1 - q2 / v2 * a2;
    d[2] = q3 / v1 * a1 - q3 / v3 * a3;
    d[3] = 0.6 * cl / v1 * a1 - (cln + qn) / vn1 * n1 + qn / vn2 * n2;
    d[4] = qn / vn1 * n1 - qn / vn2 * n2;
    d[5] = ke0 * (1000 * a1 / v1 + 0.15 * 1000 * n1 / vn1 - ce);
    d[6] = ktol * (s - m);
    d[7] = kpin * s * (1 - plastic) - kpout * plastic;
    d[8] = kout * (base * (1 - imax * plastic / (0.25 + plastic)) - r);
}
