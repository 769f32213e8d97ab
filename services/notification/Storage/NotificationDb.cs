using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Hosting.Storage;
using Safeguarding.Messaging;
using Safeguarding.Notification.Domain.Alerts;
using Safeguarding.Notification.Domain.Councils;
using Safeguarding.Notification.Domain.Deliveries;
using Safeguarding.Notification.Domain.Escalation;
using Safeguarding.Notification.Domain.Grouping;
using Safeguarding.Notification.Domain.Registrations;
using Safeguarding.Notification.Domain.Subscriptions;

namespace Safeguarding.Notification.Storage;

public sealed class NotificationDb(DbContextOptions<NotificationDb> options) : HubDbContext(options)
{
    protected override string Schema => "notification";

    internal static readonly SealedColumn SubscriptionAddress = Column("subscription", "url");
    internal static readonly SealedColumn EntryBy = Column("alert_entry", "by");

    // What the hub notes is of a fixed list; what people wrote is not.
    internal static readonly SealedColumn EntryNote = Column(
        "alert_entry",
        "note",
        "deed IN ('DeliveryReplayed', 'Noted', 'HandedOver')"
    );

    public override IReadOnlyList<SealedColumn> SealedColumns { get; } =
    [
        SubscriptionAddress,
        Column("subscription", "link"),
        Column("alert", "settled_by"),
        Column("alert", "handed_over_by"),
        Column("alert", "handed_over_colleague"),
        Column("alert", "handed_over_text"),
        EntryBy,
        EntryNote,
        Column("replay", "reason"),
        Column("registration_notice", "challenge_reason"),
    ];

    internal DbSet<Council> Councils => Set<Council>();
    internal DbSet<Alert> Alerts => Set<Alert>();
    internal DbSet<AlertEntry> AlertEntries => Set<AlertEntry>();
    internal DbSet<Subscription> Subscriptions => Set<Subscription>();
    internal DbSet<EndpointDelivery> Deliveries => Set<EndpointDelivery>();
    internal DbSet<DeliveryAttempt> DeliveryAttempts => Set<DeliveryAttempt>();
    internal DbSet<EndpointReport> EndpointReports => Set<EndpointReport>();
    internal DbSet<Replay> Replays => Set<Replay>();
    internal DbSet<ReplayedDelivery> ReplayedDeliveries => Set<ReplayedDelivery>();

    internal DbSet<RegistrationNotice> RegistrationNotices => Set<RegistrationNotice>();

    internal DbSet<EscalationPolicy> EscalationPolicies => Set<EscalationPolicy>();
    internal DbSet<EscalationStep> EscalationSteps => Set<EscalationStep>();

    internal DbSet<AlertRuleSet> AlertRuleSets => Set<AlertRuleSet>();
    internal DbSet<PlanAttendance> PlanAttendances => Set<PlanAttendance>();

    private readonly HashSet<CommitSignal> _onCommitted = [];

    /// <summary>
    /// Wakes somebody when the transaction that is open now has been committed, and never before; each signal
    /// once.
    /// </summary>
    internal void OnCommitted(CommitSignal signal) => _onCommitted.Add(signal);

    /// <summary>What the commit that has just been made is to wake.</summary>
    internal IReadOnlyList<CommitSignal> TakeSignals()
    {
        CommitSignal[] signals = [.. _onCommitted];
        _onCommitted.Clear();
        return signals;
    }

    private static readonly RowPolicy s_alerts = RowPolicy.By("alert", "council_code");

    // To notify the other council of an agreement takes a lock on its subscription.
    private static readonly RowPolicy s_subscriptions = OfCouncilOrOfficer("subscription", "ALL");
    private static readonly RowPolicy s_deliveries = OfCouncilOrOfficer("delivery", "INSERT");

    /// <inheritdoc/>
    public override IReadOnlyList<RowPolicy> RowPolicies { get; } =
    [
        s_alerts,
        RowPolicy.With("alert_entry", "notification", s_alerts, "alert_id"),
        RowPolicy.By("council", "code", AcrossCouncils.PlaceAgreement),
        s_deliveries,
        RowPolicy.With("delivery_attempt", "notification", s_deliveries, "delivery_id"),
        RowPolicy.By("endpoint_report", "council_code"),
        RowPolicy.By("escalation_policy", "council_code", AcrossCouncils.PlaceAgreement),
        RowPolicy.By("escalation_step", "council_code"),
        RowPolicy.By("noise_rule_set", "council_code"),
        RowPolicy.By("plan_attendance", "council_code"),
        // Of a pair each council has a row, and both belong to both: who challenged, and who agreed.
        new("registration_notice", $"{RowPolicy.Organisation} IN (council_code, other_council_code)")
        {
            Across = new Dictionary<string, string> { [AcrossCouncils.Challenges] = "SELECT" },
        },
        // What waits for an operator's replay is not put forward.
        RowPolicy.With("replayed_delivery", "notification", s_deliveries, "delivery_id"),
        s_subscriptions,
    ];

    // The privacy officer of an organisation receives under a name of its own.
    private static RowPolicy OfCouncilOrOfficer(string table, string whenAgreed) =>
        new(
            table,
            $"council_code IN ({RowPolicy.Organisation}, {RowPolicy.Organisation} || '/{PrivacyOfficer.Subscription}')"
        )
        {
            Across = new Dictionary<string, string> { [AcrossCouncils.PlaceAgreement] = whenAgreed },
        };

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        // Readable in psql, and a new member never changes the meaning of an old row.
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);

        modelBuilder.Entity<Council>(council =>
        {
            council.HasKey(row => row.Code);
            AsJson(council.Property(row => row.Calendar));
        });

        modelBuilder.Entity<Alert>(alert =>
        {
            alert.HasIndex(row => new { row.EncounterId, row.CouncilCode }).IsUnique();
            alert.HasIndex(row => new { row.CouncilCode, row.Id });
            alert.HasIndex(row => new { row.CouncilCode, row.Id }, "ix_alert_feed").HasFilter("in_feed");
            alert
                .HasIndex(row => new { row.CouncilCode, row.ChangeNumber }, "ix_alert_changes")
                .HasFilter("raised_at IS NOT NULL");
            alert.Property(row => row.ChangedAt).HasDefaultValueSql("clock_timestamp()");
            alert
                .HasIndex(row => new { row.CouncilCode, row.OverdueAt }, "ix_alert_open")
                .HasFilter("state IN ('Raised', 'Delivered')");
            AsJson(alert.Property(row => row.Plans));
            AsJson(alert.Property(row => row.Concerns));
            AsJson(alert.Property(row => row.Why));
            AsJson(alert.Property(row => row.Earlier));
            AsJson(alert.Property(row => row.Because));
            alert.Property(row => row.RulesVersion).HasColumnName("noise_rules");
        });

        modelBuilder.Entity<AlertEntry>(entry =>
        {
            entry.HasIndex(row => new { row.AlertId, row.Id });
            entry.Property(row => row.EventType).HasColumnName("deed");
        });

        modelBuilder.Entity<Subscription>(subscription =>
        {
            subscription.HasIndex(row => new { row.CouncilCode, row.Name }).IsUnique();
            subscription.Property(row => row.Channel).HasDefaultValue(Subscription.UsualChannel);
            subscription.Property(row => row.Address).HasColumnName("url");
            subscription.Ignore(row => row.PrivateNetworksInForce).Ignore(row => row.Health);
            AsJson(subscription.Property(row => row.FormerSecrets));
        });

        modelBuilder.Entity<EndpointReport>(report => report.HasIndex(row => new { row.CouncilCode, row.Id }));

        modelBuilder.Entity<EndpointDelivery>(delivery =>
        {
            delivery.ToTable("delivery");
            delivery
                .HasIndex(row => new
                {
                    row.SubscriptionId,
                    row.AlertId,
                    row.AlertVersion,
                })
                .IsUnique();
            delivery.HasIndex(row => row.AlertId);
            delivery.HasIndex(row => new { row.SubscriptionId, row.Id });
            delivery.HasIndex(row => row.NoticeId).HasFilter("notice_id IS NOT NULL");
            delivery
                .HasIndex(row => new { row.SubscriptionId, row.NextAttemptAt }, "ix_delivery_waiting")
                .HasFilter("state = 'Waiting'");
            delivery
                .HasIndex(row => new { row.SubscriptionId, row.EventNumber })
                .IsUnique()
                .HasFilter("event_number IS NOT NULL");
            delivery
                .HasIndex(row => row.Id, "ix_delivery_to_offer")
                .HasFilter("state = 'Parked' AND NOT offered_elsewhere");
        });

        modelBuilder.Entity<DeliveryAttempt>(attempt =>
        {
            attempt.HasIndex(row => row.DeliveryId);
            attempt.HasIndex(row => new { row.SubscriptionId, row.Id });
            // Rows are in the order of their time, and only the clearing of old ones asks by it.
            attempt.HasIndex(row => row.At).HasMethod("brin");
        });

        modelBuilder.Entity<ReplayedDelivery>(replayed =>
        {
            replayed.HasKey(row => new { row.ReplayId, row.DeliveryId });
            replayed.HasIndex(row => new { row.DeliveryId, row.DueAt });
        });

        modelBuilder.Entity<AlertRuleSet>(set =>
        {
            set.ToTable("noise_rule_set");
            set.HasKey(row => new { row.CouncilCode, row.Version });
            AsJson(set.Property(row => row.Rules));
        });

        modelBuilder.Entity<PlanAttendance>(attendance =>
        {
            attendance.HasKey(row => new
            {
                row.CouncilCode,
                row.PlanId,
                row.Role,
                row.EncounterId,
            });
            attendance.HasIndex(row => new { row.EncounterId, row.CouncilCode });
            attendance.HasIndex(row => row.At);
        });

        modelBuilder.Entity<RegistrationNotice>(notice =>
        {
            notice.HasIndex(row => new { row.PairId, row.CouncilCode }).IsUnique();
            notice.HasIndex(row => new { row.CouncilCode, row.Id });
            notice.Property(row => row.NotifiedAt).HasColumnName("told_at");
        });

        modelBuilder.Entity<EscalationPolicy>(policy =>
        {
            policy.HasKey(row => row.CouncilCode);
            policy.Property(row => row.Version).IsConcurrencyToken();
            AsJson(policy.Property(row => row.Document));
        });

        modelBuilder.Entity<EscalationStep>(step =>
        {
            step.HasKey(row => new
            {
                row.AlertId,
                row.Round,
                row.Number,
            });
            step.HasIndex(row => row.DueAt, "ix_escalation_step_due").HasFilter("state = 'Waiting'");
            AsJson(step.Property(row => row.To));
        });
    }

    private static SealedColumn Column(string table, string column, string? where = null) =>
        new("notification", table, column, where);

    private static void AsJson<T>(PropertyBuilder<T> property) =>
        property
            .HasColumnType("jsonb")
            .HasConversion(
                value => JsonSerializer.Serialize(value, HubJson.Options),
                text => JsonSerializer.Deserialize<T>(text, HubJson.Options)!,
                new ValueComparer<T>(
                    (a, b) =>
                        JsonSerializer.Serialize(a, HubJson.Options) == JsonSerializer.Serialize(b, HubJson.Options),
                    value => JsonSerializer.Serialize(value, HubJson.Options).GetHashCode(StringComparison.Ordinal),
                    value => value
                )
            );
}

public sealed class NotificationDesignTime : HubDesignTime<NotificationDb>;

/// <summary>What goes beyond the caller's own rows, by name.</summary>
internal static class AcrossCouncils
{
    /// <summary>The other council is notified.</summary>
    public const string PlaceAgreement = "place-agreement";

    /// <summary>The hub's own people see all.</summary>
    public const string Challenges = "challenges";
}
