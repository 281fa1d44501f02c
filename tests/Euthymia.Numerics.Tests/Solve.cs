using Euthymia.Numerics.Cascades;
using Euthymia.Numerics.Odes;

namespace Euthymia.Numerics.Tests;

/// <summary>Simulations that stop when the test run is stopped.</summary>
internal static class Solve
{
    public static Trajectories Cascade<TModel>(ReadOnlyMemory<double> parameters, Schedule schedule, SimulationOptions? options = null, Trajectories? reuse = null)
        where TModel : ICascadeModel =>
        CascadeSimulation.Run<TModel>(parameters, schedule, options, reuse, TestContext.Current.CancellationToken);

    public static Trajectories Ode<TModel>(ReadOnlyMemory<double> parameters, Schedule schedule, OdeOptions? options = null)
        where TModel : IOdeModel =>
        OdeSimulation.Run<TModel>(parameters, schedule, options, null, TestContext.Current.CancellationToken);
}
