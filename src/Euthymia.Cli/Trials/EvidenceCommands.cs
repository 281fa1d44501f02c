using System.CommandLine;
using System.Globalization;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Evidence;
using Euthymia.Trials.VirtualTrials;

namespace Euthymia.Cli.Trials;

/// <summary>Browsing the evidence library.</summary>
internal static class EvidenceCommands
{
    public static Command List(TextWriter output)
    {
        var evidence = TrialsCommand.EvidenceOption();
        Command command = new("list", "Lists the trials of the library.") { evidence };
        command.SetAction(parsed =>
        {
            var library = TrialsCommand.Evidence(parsed.GetValue(evidence));
            foreach (var trial in library.Trials)
            {
                var outcomes = library.OutcomesOf(trial.Id).Count();
                output.WriteLine(FormattableString.Invariant($"{trial.Id,-28} {outcomes,3} outcomes  {trial.Status,-9} {trial.Citation}"));
            }
            output.WriteLine(FormattableString.Invariant($"{library.Trials.Count} trials, {library.Arms.Count} arms, {library.Outcomes.Count} outcomes, {library.Moderators.Count} moderators."));
            foreach (var problem in library.Problems)
                output.WriteLine("problem: " + problem);
        });
        return command;
    }

    public static Command Show(TextWriter output)
    {
        Argument<string> id = new("id") { Description = "The trial, as 'trials list' prints it." };
        var evidence = TrialsCommand.EvidenceOption();
        Command command = new("show", "Shows a trial: design, arms as published and as simulated, outcomes with their status.") { id, evidence };
        command.SetAction(parsed =>
        {
            var library = TrialsCommand.Evidence(parsed.GetValue(evidence));
            var trial = TrialsCommand.Guard(() => library.Trial(parsed.GetValue(id)!));
            Print(library, trial, output);
        });
        return command;
    }

    private static void Print(EvidenceLibrary library, Trial trial, TextWriter output)
    {
        output.WriteLine(trial.Id);
        void Line(string name, string text)
        {
            if (text.Length > 0)
                output.WriteLine($"  {name,-11} {text}");
        }
        Line("citation", trial.Citation);
        Line("doi", trial.Doi);
        Line("design", trial.Design);
        Line("population", trial.Population);
        Line("comparator", trial.Comparator);
        Line("patients", trial.Enrolled);
        Line("baseline", trial.BaselineScale);
        Line("status", trial.Status);
        Line("note", trial.Note);

        var read = VirtualTrial.Read(library, trial, ResponseParameters.Default);
        output.WriteLine("arms");
        foreach (var arm in library.ArmsOf(trial.Id))
        {
            output.WriteLine($"  {arm.Id,-10} {arm.Drug} {arm.Dose} {arm.Route}, {arm.InfusionMinutes} min, days {arm.Schedule}, n {Number(arm.N)} [{arm.Status}]");
            if (read.Arms.TryGetValue(arm.Id, out var design))
            {
                foreach (var assumption in design.Assumptions)
                    output.WriteLine($"             assumed: {assumption}");
            }
        }
        output.WriteLine("outcomes");
        var reasons = read.NotPredicted.ToDictionary(item => item.Outcome.Line, item => item.Reason);
        foreach (var outcome in library.OutcomesOf(trial.Id))
        {
            var spread = outcome.Sd is { } sd ? $" (SD {Number(sd)})" : outcome.Se is { } se ? $" (SE {Number(se)})" : outcome.Low is { } low ? $" ({Number(low)} to {Number(outcome.High)})" : "";
            output.WriteLine($"  {outcome.ArmId,-10} {outcome.Measure} {outcome.Statistic} at {Number(outcome.TimeHours)} h: {Number(outcome.Value)}{spread} {outcome.Unit}, n {Number(outcome.N)} [{outcome.Status}]"
                + (reasons.TryGetValue(outcome.Line, out var reason) ? $" not predicted: {reason}" : ""));
        }
    }

    private static string Number(double? value) => value is { } number ? number.ToString("0.###", CultureInfo.InvariantCulture) : "not given";
}
