using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Euthymia.Clinic.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Keep : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "ApprovedBy",
                table: "ChangedThresholds",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"));

            migrationBuilder.AddColumn<string>(
                name: "ApprovedByName",
                table: "ChangedThresholds",
                type: "character varying(100)",
                maxLength: 100,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Follows",
                table: "ChangedThresholds",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Seal",
                table: "ChangedThresholds",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "ProposedThresholds",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    RuleId = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Parameter = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Previous = table.Column<decimal>(type: "numeric", nullable: false),
                    Value = table.Column<decimal>(type: "numeric", nullable: false),
                    Reason = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    ProposedBy = table.Column<Guid>(type: "uuid", nullable: false),
                    ProposedByName = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    ProposedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ProposedThresholds", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ProposalAnswers",
                columns: table => new
                {
                    ProposalId = table.Column<Guid>(type: "uuid", nullable: false),
                    Verdict = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    AnsweredBy = table.Column<Guid>(type: "uuid", nullable: false),
                    AnsweredByName = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    AnsweredAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ProposalAnswers", x => x.ProposalId);
                    table.ForeignKey(
                        name: "FK_ProposalAnswers_ProposedThresholds_ProposalId",
                        column: x => x.ProposalId,
                        principalTable: "ProposedThresholds",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_ChangedThresholds_Follows",
                table: "ChangedThresholds",
                column: "Follows",
                unique: true);

            AppendOnly.OnPostgres(migrationBuilder, Rules.RuleTables.AppendOnlyTables);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ProposalAnswers");

            migrationBuilder.DropTable(
                name: "ProposedThresholds");

            migrationBuilder.DropIndex(
                name: "IX_ChangedThresholds_Follows",
                table: "ChangedThresholds");

            migrationBuilder.DropColumn(
                name: "ApprovedBy",
                table: "ChangedThresholds");

            migrationBuilder.DropColumn(
                name: "ApprovedByName",
                table: "ChangedThresholds");

            migrationBuilder.DropColumn(
                name: "Follows",
                table: "ChangedThresholds");

            migrationBuilder.DropColumn(
                name: "Seal",
                table: "ChangedThresholds");
        }
    }
}
