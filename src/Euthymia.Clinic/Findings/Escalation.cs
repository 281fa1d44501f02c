namespace Euthymia.Clinic;

/// <summary>How far a finding has gone up: it does so by itself until a named person has taken it on, and again until it is closed.</summary>
public enum EscalationLevel
{
    /// <summary>With its owner, in time.</summary>
    Owner,

    /// <summary>Taken on by a named person, not closed yet, in time.</summary>
    TakenOn,

    /// <summary>Past its due time, or nobody has taken it on for too long: the person on call is told, again and again.</summary>
    OnCall,
}

/// <summary>Where a finding stands and who is told of it. A pure function of the finding, the clinic and the moment; nothing but the mails is stored.</summary>
public static class Escalation
{
    private static readonly TimeSpan AgainWhenOverdue = TimeSpan.FromHours(24);
    private static readonly TimeSpan MailGoodFor = TimeSpan.FromHours(12);

    /// <summary>The level at a moment; null when the finding is closed.</summary>
    public static EscalationLevel? LevelAt(Finding finding, DateTimeOffset now) => finding switch
    {
        { ClosedAt: not null } => null,
        _ when now >= finding.DueAt => EscalationLevel.OnCall,
        { AcknowledgedAt: not null } => EscalationLevel.TakenOn,
        _ when Again(finding) is { } again && now >= finding.OpenedAt + again => EscalationLevel.OnCall,
        _ => EscalationLevel.Owner,
    };

    /// <summary>
    /// The number of times that the person on call should have been told by now. An urgent finding, or any on suicide while nobody watches,
    /// is told at once (1), then after each escalation time until somebody takes it on; a finding past its due time every day until it is closed.
    /// </summary>
    public static int CallsBy(Finding finding, ClinicSettings clinic, DateTimeOffset now)
    {
        if (finding.ClosedAt is { } closed)
            now = closed < now ? closed : now;
        var calls = CallsAtOnce(finding, clinic) ? 1 : 0;
        if (Again(finding) is { } again)
        {
            var until = finding.AcknowledgedAt is { } taken && taken < now ? taken : now;
            if (until > finding.DueAt)
                until = finding.DueAt;
            calls += Math.Max(0, (int)((until - finding.OpenedAt) / again));
        }

        if (now >= finding.DueAt && finding.Severity != FindingSeverity.Notice)
            calls += 1 + (int)((now - finding.DueAt) / AgainWhenOverdue);
        return calls;
    }

    /// <summary>The mail of the latest call that is due; null when none is, or when nobody on call is set. What was missed while the server was down is told once.</summary>
    public static OutgoingMail? MailDue(Finding finding, ClinicSettings clinic, int alreadyMade, DateTimeOffset now)
    {
        var calls = CallsBy(finding, clinic, now);
        if (calls <= alreadyMade || clinic.OnCallMail.Length == 0 || !finding.IsOpen)
            return null;
        return new OutgoingMail
        {
            Occurrence = $"finding:{finding.Id:N}:{calls}",
            Kind = MailKind.OnCall,
            To = clinic.OnCallMail,
            Subject = "Please look at the clinic's list",
            Text = $"Something on the on-call list cannot wait.\n\nOpen it, take it on, and close it with what was done:\n{{address}}on-call\n\nThis is call number {calls}. The calls go on until somebody has taken it on.\n",
            FindingId = finding.Id,
            CreatedAt = now,
            GoodUntil = now + MailGoodFor,
        };
    }

    internal static IEnumerable<OutgoingMail> FirstMails(IEnumerable<Finding> findings, ClinicSettings clinic, DateTimeOffset now) =>
        findings.Select(f => MailDue(f, clinic, alreadyMade: 0, now)).OfType<OutgoingMail>();

    private static bool CallsAtOnce(Finding finding, ClinicSettings clinic) =>
        finding.Severity == FindingSeverity.Urgent
        || (finding.Severity == FindingSeverity.High && finding.RuleId.StartsWith("SUI-", StringComparison.Ordinal) && !clinic.IsWatched(finding.OpenedAt));

    private static TimeSpan? Again(Finding finding) =>
        finding.Severity != FindingSeverity.Notice && FindingRule.Find(finding.RuleId)?.EscalateMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null;
}
