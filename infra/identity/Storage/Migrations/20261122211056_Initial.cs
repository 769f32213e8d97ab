using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Safeguarding.Identity.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "identity");

            migrationBuilder.CreateTable(
                name: "used_assertion",
                schema: "identity",
                columns: table => new
                {
                    client_id = table.Column<string>(type: "text", nullable: false),
                    jti_sha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    forget_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_used_assertion", x => new { x.client_id, x.jti_sha256 });
                });

            migrationBuilder.CreateIndex(
                name: "ix_used_assertion_forget_at",
                schema: "identity",
                table: "used_assertion",
                column: "forget_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "used_assertion",
                schema: "identity");
        }
    }
}
