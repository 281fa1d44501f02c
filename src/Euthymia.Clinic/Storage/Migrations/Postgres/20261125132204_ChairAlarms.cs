using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Euthymia.Clinic.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class ChairAlarms : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterColumn<string>(
                name: "RuleVersion",
                table: "Findings",
                type: "character varying(40)",
                maxLength: 40,
                nullable: false,
                oldClrType: typeof(int),
                oldType: "integer");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "AcknowledgedAt",
                table: "Findings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "AcknowledgedBy",
                table: "Findings",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "AcknowledgedByName",
                table: "Findings",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "ConditionEndedAt",
                table: "Findings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "EventId",
                table: "Findings",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsRetrospective",
                table: "Findings",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "Occurrence",
                table: "Findings",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Priority",
                table: "Findings",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "ChangedThresholds",
                columns: table => new
                {
                    Number = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    RuleId = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Parameter = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Value = table.Column<decimal>(type: "numeric", nullable: false),
                    ChangedBy = table.Column<Guid>(type: "uuid", nullable: false),
                    ChangedByName = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    ChangedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ChangedThresholds", x => x.Number);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Findings_Occurrence",
                table: "Findings",
                column: "Occurrence",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ChangedThresholds");

            migrationBuilder.DropIndex(
                name: "IX_Findings_Occurrence",
                table: "Findings");

            migrationBuilder.DropColumn(
                name: "AcknowledgedAt",
                table: "Findings");

            migrationBuilder.DropColumn(
                name: "AcknowledgedBy",
                table: "Findings");

            migrationBuilder.DropColumn(
                name: "AcknowledgedByName",
                table: "Findings");

            migrationBuilder.DropColumn(
                name: "ConditionEndedAt",
                table: "Findings");

            migrationBuilder.DropColumn(
                name: "EventId",
                table: "Findings");

            migrationBuilder.DropColumn(
                name: "IsRetrospective",
                table: "Findings");

            migrationBuilder.DropColumn(
                name: "Occurrence",
                table: "Findings");

            migrationBuilder.DropColumn(
                name: "Priority",
                table: "Findings");

            migrationBuilder.AlterColumn<int>(
                name: "RuleVersion",
                table: "Findings",
                type: "integer",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "character varying(40)",
                oldMaxLength: 40);
        }
    }
}
