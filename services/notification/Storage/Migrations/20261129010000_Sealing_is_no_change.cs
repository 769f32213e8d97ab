using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Notification.Storage.Migrations;

/// <summary>A name that is sealed later reads as it did: its alert has not changed for its council.</summary>
[DbContext(typeof(NotificationDb))]
[Migration("20261129010000_Sealing_is_no_change")]
internal sealed class Sealing_is_no_change : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            CREATE OR REPLACE FUNCTION notification.alert_changed() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF current_setting('hub.sealing', true) = 'on' THEN
                    RETURN NEW;
                END IF;
                NEW.changed_at := clock_timestamp();
                NEW.change_number := NULL;
                RETURN NEW;
            END $$;
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            CREATE OR REPLACE FUNCTION notification.alert_changed() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.changed_at := clock_timestamp();
                NEW.change_number := NULL;
                RETURN NEW;
            END $$;
            """
        );
}
