using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Notification.Storage.Migrations;

[DbContext(typeof(NotificationDb))]
[Migration("20261129042000_Hand_over")]
internal sealed class Hand_over : Migration
{
    // The columns that a council sees in an alert, with those of the last hand-over.
    private const string Seen = """
        version, state, news, change, grade, raised_at, overdue_at, shown_encounter_id, plans, certainty,
            rule_version, late, encounter_status, started_at, ended_at, received_at, concerns, place_key_id,
            place_value, earlier, attendances, sites, because, noise_rules, settled_at, settled_by,
            settled_by_kind, refusal_reason, withdrawn_at, withdrawal_reason, why, decided_by,
            handed_over_at, handed_over_to, handed_over_colleague, handed_over_text,
            handed_over_by, handed_over_by_kind
        """;

    private const string SeenOld = """
        OLD.version, OLD.state, OLD.news, OLD.change, OLD.grade, OLD.raised_at, OLD.overdue_at,
            OLD.shown_encounter_id, OLD.plans, OLD.certainty, OLD.rule_version, OLD.late,
            OLD.encounter_status, OLD.started_at, OLD.ended_at, OLD.received_at, OLD.concerns,
            OLD.place_key_id, OLD.place_value, OLD.earlier, OLD.attendances, OLD.sites, OLD.because,
            OLD.noise_rules, OLD.settled_at, OLD.settled_by, OLD.settled_by_kind, OLD.refusal_reason,
            OLD.withdrawn_at, OLD.withdrawal_reason, OLD.why, OLD.decided_by,
            OLD.handed_over_at, OLD.handed_over_to, OLD.handed_over_colleague, OLD.handed_over_text,
            OLD.handed_over_by, OLD.handed_over_by_kind
        """;

    private const string SeenNew = """
        NEW.version, NEW.state, NEW.news, NEW.change, NEW.grade, NEW.raised_at, NEW.overdue_at,
            NEW.shown_encounter_id, NEW.plans, NEW.certainty, NEW.rule_version, NEW.late,
            NEW.encounter_status, NEW.started_at, NEW.ended_at, NEW.received_at, NEW.concerns,
            NEW.place_key_id, NEW.place_value, NEW.earlier, NEW.attendances, NEW.sites, NEW.because,
            NEW.noise_rules, NEW.settled_at, NEW.settled_by, NEW.settled_by_kind, NEW.refusal_reason,
            NEW.withdrawn_at, NEW.withdrawal_reason, NEW.why, NEW.decided_by,
            NEW.handed_over_at, NEW.handed_over_to, NEW.handed_over_colleague, NEW.handed_over_text,
            NEW.handed_over_by, NEW.handed_over_by_kind
        """;

    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            $"""
            ALTER TABLE notification.alert ADD COLUMN handed_over_at timestamptz, ADD COLUMN handed_over_to text,
                ADD COLUMN handed_over_colleague text, ADD COLUMN handed_over_text text,
                ADD COLUMN handed_over_by text, ADD COLUMN handed_over_by_kind text;
            DROP TRIGGER alert_changed ON notification.alert;
            CREATE TRIGGER alert_changed BEFORE UPDATE OF {Seen} ON notification.alert
            FOR EACH ROW WHEN (({SeenOld}) IS DISTINCT FROM ({SeenNew}))
            EXECUTE FUNCTION notification.alert_changed();
            """
        );
}
