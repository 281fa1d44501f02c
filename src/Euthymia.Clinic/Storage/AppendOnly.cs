using Microsoft.EntityFrameworkCore.Migrations;

namespace Euthymia.Clinic.Storage;

/// <summary>Triggers by which the database itself refuses to change or delete what is only ever added to. Used by migrations.</summary>
internal static class AppendOnly
{
    public static void OnSqlite(MigrationBuilder migration, params string[] tables)
    {
        foreach (var table in tables)
        {
            foreach (var act in (string[])["UPDATE", "DELETE"])
                migration.Sql($"CREATE TRIGGER \"{table}_refuse_{act}\" BEFORE {act} ON \"{table}\" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;");
        }
    }

    public static void OnPostgres(MigrationBuilder migration, params string[] tables)
    {
        migration.Sql("CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;");
        foreach (var table in tables)
            migration.Sql($"CREATE TRIGGER \"{table}_append_only\" BEFORE UPDATE OR DELETE OR TRUNCATE ON \"{table}\" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();");
    }
}
