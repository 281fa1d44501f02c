using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Euthymia.Clinic.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class After : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "PatientSignatureId",
                table: "Consents",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "ConsentSignatures",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PatientId = table.Column<Guid>(type: "uuid", nullable: false),
                    FormId = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    FormVersion = table.Column<int>(type: "integer", nullable: false),
                    FormText = table.Column<string>(type: "text", nullable: false),
                    PatientName = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    PatientMeaning = table.Column<string>(type: "text", nullable: false),
                    SignedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ReadDocumentId = table.Column<Guid>(type: "uuid", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ConsentSignatures", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ConsentSignatures_Patients_PatientId",
                        column: x => x.PatientId,
                        principalTable: "Patients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ConsentSignatures_ReadDocuments_ReadDocumentId",
                        column: x => x.ReadDocumentId,
                        principalTable: "ReadDocuments",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "OverrideWithdrawals",
                columns: table => new
                {
                    OverrideId = table.Column<Guid>(type: "uuid", nullable: false),
                    PatientId = table.Column<Guid>(type: "uuid", nullable: false),
                    Reason = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    ByName = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OverrideWithdrawals", x => x.OverrideId);
                    table.ForeignKey(
                        name: "FK_OverrideWithdrawals_Overrides_OverrideId",
                        column: x => x.OverrideId,
                        principalTable: "Overrides",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_OverrideWithdrawals_Patients_PatientId",
                        column: x => x.PatientId,
                        principalTable: "Patients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "SeriousEvents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PatientId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: true),
                    What = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    Done = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    Report = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    ReportedOn = table.Column<DateOnly>(type: "date", nullable: true),
                    ReportedBy = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    ReportNote = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    Replaces = table.Column<Guid>(type: "uuid", nullable: true),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    ByName = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SeriousEvents", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SeriousEvents_Patients_PatientId",
                        column: x => x.PatientId,
                        principalTable: "Patients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Consents_PatientSignatureId",
                table: "Consents",
                column: "PatientSignatureId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ConsentSignatures_PatientId",
                table: "ConsentSignatures",
                column: "PatientId");

            migrationBuilder.CreateIndex(
                name: "IX_ConsentSignatures_ReadDocumentId",
                table: "ConsentSignatures",
                column: "ReadDocumentId");

            migrationBuilder.CreateIndex(
                name: "IX_OverrideWithdrawals_PatientId",
                table: "OverrideWithdrawals",
                column: "PatientId");

            migrationBuilder.CreateIndex(
                name: "IX_SeriousEvents_PatientId",
                table: "SeriousEvents",
                column: "PatientId");

            migrationBuilder.CreateIndex(
                name: "IX_SeriousEvents_Replaces",
                table: "SeriousEvents",
                column: "Replaces",
                unique: true);

            AppendOnly.OnPostgres(migrationBuilder, "SeriousEvents", "ConsentSignatures", "OverrideWithdrawals");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ConsentSignatures");

            migrationBuilder.DropTable(
                name: "OverrideWithdrawals");

            migrationBuilder.DropTable(
                name: "SeriousEvents");

            migrationBuilder.DropIndex(
                name: "IX_Consents_PatientSignatureId",
                table: "Consents");

            migrationBuilder.DropColumn(
                name: "PatientSignatureId",
                table: "Consents");
        }
    }
}
