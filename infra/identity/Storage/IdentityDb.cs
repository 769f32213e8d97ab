using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Safeguarding.Identity.Storage;

/// <summary>Identity sends and receives no events, so it has no outbox and no inbox.</summary>
public sealed class IdentityDb(DbContextOptions<IdentityDb> options) : DbContext(options)
{
    internal const string Schema = "identity";

    internal DbSet<UsedAssertion> UsedAssertions => Set<UsedAssertion>();

    internal DbSet<Session> Sessions => Set<Session>();

    internal DbSet<PushedRequest> PushedRequests => Set<PushedRequest>();

    internal DbSet<Revocation> Revocations => Set<Revocation>();

    internal DbSet<ClientKeyRow> ClientKeys => Set<ClientKeyRow>();

    internal DbSet<ClientKeyUse> ClientKeyUses => Set<ClientKeyUse>();

    internal static void Configure(DbContextOptionsBuilder options, string connectionString) =>
        options
            .UseNpgsql(connectionString, npgsql => npgsql.MigrationsHistoryTable("__ef_migrations_history", Schema))
            // A failure is thrown as well, and the first start's look for a history table is none.
            .ConfigureWarnings(warnings => warnings.Log((RelationalEventId.CommandError, LogLevel.Debug)));

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.Entity<UsedAssertion>(used =>
        {
            used.ToTable("used_assertion");
            used.HasKey(row => new { row.ClientId, row.JtiSha256 }).HasName("pk_used_assertion");
            used.Property(row => row.ClientId).HasColumnName("client_id");
            used.Property(row => row.JtiSha256).HasColumnName("jti_sha256");
            used.Property(row => row.PurgeAt).HasColumnName("forget_at");
            used.HasIndex(row => row.PurgeAt).HasDatabaseName("ix_used_assertion_forget_at");
        });
        modelBuilder.Entity<Session>(session =>
        {
            session.ToTable("session");
            session.HasKey(row => row.Id).HasName("pk_session");
            session.Property(row => row.Id).HasColumnName("id");
            session.Property(row => row.ClientId).HasColumnName("client_id");
            session.Property(row => row.Rule).HasColumnName("rule");
            session.Property(row => row.RefreshId).HasColumnName("refresh_id");
            session.Property(row => row.StartedAt).HasColumnName("started_at");
            session.Property(row => row.UsedAt).HasColumnName("used_at");
            session.Property(row => row.EndedAt).HasColumnName("ended_at");
            session.Property(row => row.Subject).HasColumnName("subject");
            session.Property(row => row.Organisation).HasColumnName("organisation");
            session.Property(row => row.Role).HasColumnName("role");
            session.HasIndex(row => row.EndedAt).HasDatabaseName("ix_session_ended_at");
            session.HasIndex(row => row.UsedAt).HasDatabaseName("ix_session_used_at");
        });
        modelBuilder.Entity<PushedRequest>(request =>
        {
            request.ToTable("pushed_request");
            request.HasKey(row => row.Id).HasName("pk_pushed_request");
            request.Property(row => row.Id).HasColumnName("id");
            request.Property(row => row.Token).HasColumnName("token");
            request.Property(row => row.PurgeAt).HasColumnName("forget_at");
        });
        modelBuilder.Entity<Revocation>(revocation =>
        {
            revocation.ToTable("revocation");
            revocation.HasKey(row => new { row.Kind, row.Id }).HasName("pk_revocation");
            revocation.Property(row => row.Kind).HasColumnName("kind");
            revocation.Property(row => row.Id).HasColumnName("id");
            revocation.Property(row => row.IssuedBy).HasColumnName("issued_by");
            revocation.Property(row => row.PurgeAt).HasColumnName("forget_at");
        });
        modelBuilder.Entity<ClientKeyRow>(key =>
        {
            key.ToTable("client_key");
            key.HasKey(row => new { row.ClientId, row.Kid }).HasName("pk_client_key");
            key.Property(row => row.ClientId).HasColumnName("client_id");
            key.Property(row => row.Kid).HasColumnName("kid");
            key.Property(row => row.Organisation).HasColumnName("organisation");
            key.Property(row => row.Jwk).HasColumnName("jwk");
            key.Property(row => row.AddedAt).HasColumnName("added_at");
            key.Property(row => row.EndsAt).HasColumnName("ends_at");
        });
        modelBuilder.Entity<ClientKeyUse>(use =>
        {
            use.ToTable("client_key_use");
            use.HasKey(row => new { row.ClientId, row.Kid }).HasName("pk_client_key_use");
            use.Property(row => row.ClientId).HasColumnName("client_id");
            use.Property(row => row.Kid).HasColumnName("kid");
            use.Property(row => row.UsedAt).HasColumnName("used_at");
        });
    }
}

internal sealed class UsedAssertion
{
    public required string ClientId { get; init; }

    public required byte[] JtiSha256 { get; init; }

    public required DateTimeOffset PurgeAt { get; init; }
}

/// <summary>A person at an application, from sign-in to the end.</summary>
internal sealed class Session
{
    /// <summary><c>sid</c> of its tokens.</summary>
    public required string Id { get; init; }

    public required string ClientId { get; init; }

    /// <summary>The rule that let the person in. Without it in a provider's file the session ends.</summary>
    public required string Rule { get; init; }

    /// <summary>Which refresh token is the next that is good.</summary>
    public required string RefreshId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset UsedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>
    /// Whose it is, as the provider names them: opaque. Null, as are the next two, until the first refresh of a session
    /// that the release before began.
    /// </summary>
    public string? Subject { get; init; }

    public string? Organisation { get; init; }

    public string? Role { get; init; }
}

/// <summary>What an application asked before it sent a person here.</summary>
internal sealed class PushedRequest
{
    public required string Id { get; init; }

    /// <summary>Encrypted.</summary>
    public required string Token { get; init; }

    public required DateTimeOffset PurgeAt { get; init; }
}

/// <summary>Tokens that services must refuse before they expire.</summary>
internal sealed class Revocation
{
    public const string Client = "client";
    public const string Token = "token";

    /// <summary><c>client</c> or <c>token</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The client's id, or the token's <c>jti</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Those that were issued by then.</summary>
    public required DateTimeOffset IssuedBy { get; init; }

    public required DateTimeOffset PurgeAt { get; init; }
}

/// <summary>What an organisation said of a key of its client.</summary>
internal sealed class ClientKeyRow
{
    public required string ClientId { get; init; }

    public required string Kid { get; init; }

    /// <summary>Which said it. It counts while the clients file says that the client is theirs.</summary>
    public required string Organisation { get; init; }

    /// <summary>The public key; null where it is in the clients file, and only its end was said.</summary>
    public string? Jwk { get; init; }

    public DateTimeOffset? AddedAt { get; init; }

    public DateTimeOffset? EndsAt { get; init; }
}

/// <summary>When a token was last got by a key.</summary>
internal sealed class ClientKeyUse
{
    public required string ClientId { get; init; }

    public required string Kid { get; init; }

    public required DateTimeOffset UsedAt { get; init; }
}

internal sealed class IdentityDesignTime : IDesignTimeDbContextFactory<IdentityDb>
{
    public IdentityDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<IdentityDb>();
        IdentityDb.Configure(options, "Host=localhost");
        return new IdentityDb(options.Options);
    }
}
