using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Euthymia.Clinic.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Planpages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "CheckedVisits",
                columns: table => new
                {
                    VisitId = table.Column<Guid>(type: "TEXT", nullable: false),
                    LastNumber = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CheckedVisits", x => x.VisitId);
                    table.ForeignKey(
                        name: "FK_CheckedVisits_Visits_VisitId",
                        column: x => x.VisitId,
                        principalTable: "Visits",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "KeptForecasts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    PatientId = table.Column<Guid>(type: "TEXT", nullable: false),
                    VisitId = table.Column<Guid>(type: "TEXT", nullable: true),
                    SourceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Quantity = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Measure = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    ObservedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Observed = table.Column<double>(type: "REAL", nullable: true),
                    Low = table.Column<double>(type: "REAL", nullable: true),
                    Median = table.Column<double>(type: "REAL", nullable: true),
                    High = table.Column<double>(type: "REAL", nullable: true),
                    Withheld = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: true),
                    ModelVersion = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Observations = table.Column<int>(type: "INTEGER", nullable: false),
                    Basis = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: false),
                    MadeAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_KeptForecasts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_KeptForecasts_Patients_PatientId",
                        column: x => x.PatientId,
                        principalTable: "Patients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_KeptForecasts_PatientId",
                table: "KeptForecasts",
                column: "PatientId");

            migrationBuilder.CreateIndex(
                name: "IX_KeptForecasts_SourceId_Quantity",
                table: "KeptForecasts",
                columns: new[] { "SourceId", "Quantity" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_KeptForecasts_VisitId",
                table: "KeptForecasts",
                column: "VisitId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "CheckedVisits");

            migrationBuilder.DropTable(
                name: "KeptForecasts");
        }
    }
}
