using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Notification.Storage.Migrations;

/// <summary>What councils were told of children that another council has on its register too.</summary>
[DbContext(typeof(NotificationDb))]
[Migration("20261129010000_Registrations")]
internal sealed class Registrations : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            CREATE TABLE notification.registration_notice (
                id uuid CONSTRAINT pk_registration_notice PRIMARY KEY,
                pair_id uuid NOT NULL,
                council_code text NOT NULL,
                plan_id uuid NOT NULL,
                reference text NOT NULL,
                is_registrant boolean NOT NULL,
                other_council_code text NOT NULL,
                other_plan_id uuid NOT NULL,
                other_reference text NOT NULL,
                other_is_named boolean NOT NULL,
                registered_at timestamptz NOT NULL,
                told_at timestamptz NOT NULL,
                challenged_at timestamptz,
                challenge_reason text,
                place_agreed_at timestamptz
            );
            CREATE UNIQUE INDEX ix_registration_notice_pair_id_council_code
                ON notification.registration_notice (pair_id, council_code);
            CREATE INDEX ix_registration_notice_council_code_id ON notification.registration_notice (council_code, id);

            ALTER TABLE notification.delivery ADD COLUMN notice_id uuid;
            CREATE INDEX ix_delivery_notice_id ON notification.delivery (notice_id) WHERE notice_id IS NOT NULL;
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            ALTER TABLE notification.delivery DROP COLUMN notice_id;
            DROP TABLE notification.registration_notice;
            """
        );
}
