using Euthymia.Clinic;
using Euthymia.Clinic.Rules;

namespace Euthymia.Web.Pages.Visits;

/// <summary>How alarms are written and shaped: word, shape and class together, never colour alone.</summary>
internal static class AlarmWords
{
    public static string Of(AlarmPriority? priority) => priority switch
    {
        AlarmPriority.High => "High",
        AlarmPriority.Medium => "Medium",
        AlarmPriority.Low => "Low",
        _ => "Information",
    };

    public static string Shape(Finding alarm) => IsTechnical(alarm) ? "◇" : alarm.Priority switch
    {
        AlarmPriority.High => "▲",
        AlarmPriority.Medium => "△",
        AlarmPriority.Low => "○",
        _ => "i",
    };

    public static string Class(Finding alarm) => IsTechnical(alarm) ? "is-technical" : alarm.Priority switch
    {
        AlarmPriority.High => "is-high",
        AlarmPriority.Medium => "is-medium",
        AlarmPriority.Low => "is-low",
        _ => "is-quiet",
    };

    public static string Of(AlarmState state) => state switch
    {
        AlarmState.Active => "active",
        AlarmState.Acknowledged => "acknowledged",
        AlarmState.Latched => "latched: over, not acknowledged",
        _ => "over",
    };

    /// <summary>About the equipment, not the patient.</summary>
    private static bool IsTechnical(Finding alarm) => alarm.RuleId is "MON-24" or "MON-28" or "MON-29";
}
