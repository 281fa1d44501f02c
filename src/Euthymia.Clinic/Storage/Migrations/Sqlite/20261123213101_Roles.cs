using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace Euthymia.Clinic.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Roles : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.InsertData(
                table: "AspNetRoles",
                columns: new[] { "Id", "ConcurrencyStamp", "Name", "NormalizedName" },
                values: new object[,]
                {
                    { new Guid("0b6f7c5e-52a5-4b5e-9d3a-6d1c8f0e4a01"), "0b6f7c5e-52a5-4b5e-9d3a-6d1c8f0e4a01", "lead", "LEAD" },
                    { new Guid("0b6f7c5e-52a5-4b5e-9d3a-6d1c8f0e4a02"), "0b6f7c5e-52a5-4b5e-9d3a-6d1c8f0e4a02", "nurse", "NURSE" },
                    { new Guid("0b6f7c5e-52a5-4b5e-9d3a-6d1c8f0e4a03"), "0b6f7c5e-52a5-4b5e-9d3a-6d1c8f0e4a03", "patient", "PATIENT" }
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DeleteData(
                table: "AspNetRoles",
                keyColumn: "Id",
                keyValue: new Guid("0b6f7c5e-52a5-4b5e-9d3a-6d1c8f0e4a01"));

            migrationBuilder.DeleteData(
                table: "AspNetRoles",
                keyColumn: "Id",
                keyValue: new Guid("0b6f7c5e-52a5-4b5e-9d3a-6d1c8f0e4a02"));

            migrationBuilder.DeleteData(
                table: "AspNetRoles",
                keyColumn: "Id",
                keyValue: new Guid("0b6f7c5e-52a5-4b5e-9d3a-6d1c8f0e4a03"));
        }
    }
}
