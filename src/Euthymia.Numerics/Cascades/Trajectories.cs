using System.Runtime.InteropServices;

namespace Euthymia.Numerics.Cascades;

/// <summary>
/// The states of all patients at all output times, in one piece of unmanaged memory that can be used again by the next
/// simulation of the same or a smaller size. Groups of lanes lie one after the other, each as [time][state][lane].
/// </summary>
public sealed unsafe class Trajectories : IDisposable
{
    private double* _memory;
    private nuint _capacity;
    private int[] _slots = [];
    private int _width = 1;

    /// <summary>Number of patients.</summary>
    public int Patients { get; private set; }

    /// <summary>Number of output times.</summary>
    public int Times { get; private set; }

    /// <summary>Number of states: compartments first, then responses.</summary>
    public int States { get; private set; }

    /// <summary>One state of one patient at one output time.</summary>
    /// <param name="patient">Index of the patient in the order in which the parameters were given.</param>
    /// <param name="time">Index of the output time.</param>
    /// <param name="state">Index of the state: compartments, then responses.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the simulation.</exception>
    public double this[int patient, int time, int state]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)patient, (uint)Patients, nameof(patient));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)time, (uint)Times, nameof(time));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)state, (uint)States, nameof(state));
            var slot = _slots[patient];
            return Group(slot / _width)[(((long)time * States) + state) * _width + (slot % _width)];
        }
    }

    /// <summary>Copies one state of every patient at one time, in the patients' order.</summary>
    /// <param name="time">Index of the output time.</param>
    /// <param name="state">Index of the state.</param>
    /// <param name="values">Room for one number a patient.</param>
    public void CopyTo(int time, int state, Span<double> values)
    {
        for (var patient = 0; patient < Patients; patient++)
            values[patient] = this[patient, time, state];
    }

    /// <summary>Frees the memory; no number can be read afterwards.</summary>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        _capacity = 0;
        Patients = 0;
    }

    internal void Resize(int patients, int groups, int times, int states, int width, int[] slots)
    {
        (Patients, Times, States, _width, _slots) = (patients, times, states, width, slots);
        var needed = (nuint)groups * (nuint)width * (nuint)times * (nuint)states * sizeof(double);
        if (needed <= _capacity && _memory != null)
            return;
        NativeMemory.AlignedFree(_memory);
        _memory = (double*)HugePages.Allocate(needed);
        _capacity = needed;
    }

    internal double* Group(int group) => _memory + ((long)group * _width * Times * States);
}
