using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Notification.Storage.Migrations;

[DbContext(typeof(NotificationDb))]
[Migration("20261128180000_Alert_why")]
internal sealed class Alert_why : Migration
{
    // The columns that a council sees in an alert, with the two that are new.
    private const string Seen = """
        version, state, news, change, grade, raised_at, overdue_at, shown_encounter_id, plans, certainty,
            rule_version, late, encounter_status, started_at, ended_at, received_at, concerns, place_key_id,
            place_value, earlier, attendances, sites, because, noise_rules, settled_at, settled_by,
            settled_by_kind, refusal_reason, withdrawn_at, withdrawal_reason, why, decided_by
        """;

    private const string SeenOld = """
        OLD.version, OLD.state, OLD.news, OLD.change, OLD.grade, OLD.raised_at, OLD.overdue_at,
            OLD.shown_encounter_id, OLD.plans, OLD.certainty, OLD.rule_version, OLD.late,
            OLD.encounter_status, OLD.started_at, OLD.ended_at, OLD.received_at, OLD.concerns,
            OLD.place_key_id, OLD.place_value, OLD.earlier, OLD.attendances, OLD.sites, OLD.because,
            OLD.noise_rules, OLD.settled_at, OLD.settled_by, OLD.settled_by_kind, OLD.refusal_reason,
            OLD.withdrawn_at, OLD.withdrawal_reason, OLD.why, OLD.decided_by
        """;

    private const string SeenNew = """
        NEW.version, NEW.state, NEW.news, NEW.change, NEW.grade, NEW.raised_at, NEW.overdue_at,
            NEW.shown_encounter_id, NEW.plans, NEW.certainty, NEW.rule_version, NEW.late,
            NEW.encounter_status, NEW.started_at, NEW.ended_at, NEW.received_at, NEW.concerns,
            NEW.place_key_id, NEW.place_value, NEW.earlier, NEW.attendances, NEW.sites, NEW.because,
            NEW.noise_rules, NEW.settled_at, NEW.settled_by, NEW.settled_by_kind, NEW.refusal_reason,
            NEW.withdrawn_at, NEW.withdrawal_reason, NEW.why, NEW.decided_by
        """;

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql($"""
        ALTER TABLE notification.alert ADD COLUMN why jsonb, ADD COLUMN decided_by text;
        DROP TRIGGER alert_changed ON notification.alert;
        CREATE TRIGGER alert_changed BEFORE UPDATE OF {Seen} ON notification.alert
        FOR EACH ROW WHEN (({SeenOld}) IS DISTINCT FROM ({SeenNew}))
        EXECUTE FUNCTION notification.alert_changed();
        """);
}
