namespace Euthymia.Clinic.Storage;

/// <summary>Triggers by which the database itself refuses to change or delete what is only ever added to.</summary>
internal static class AppendOnly
{
    private static readonly string[] Tables = ["Audit", "VisitEvents", "Orders", "Assessments"];

    public static IEnumerable<string> SqliteTriggers() =>
        from table in Tables
        from act in (string[])["UPDATE", "DELETE"]
        select $"CREATE TRIGGER \"{table}_refuse_{act.ToLowerInvariant()}\" BEFORE {act} ON \"{table}\" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;";

    public static IEnumerable<string> PostgresTriggers() =>
    [
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;",
        .. Tables.Select(table => $"CREATE TRIGGER \"{table}_append_only\" BEFORE UPDATE OR DELETE OR TRUNCATE ON \"{table}\" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"),
    ];
}
