using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Safeguarding.Portal.Storage;

/// <summary>What the replicas share: who is signed in, and the keys of cookies and forms. No child is in it.</summary>
/// <param name="options">Of EF Core.</param>
public sealed class PortalDb(DbContextOptions<PortalDb> options) : DbContext(options), IDataProtectionKeyContext
{
    internal const string Schema = "portal";

    /// <inheritdoc/>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    internal DbSet<Session> Sessions => Set<Session>();

    internal static void Configure(DbContextOptionsBuilder options, string connectionString) =>
        options
            .UseNpgsql(connectionString, npgsql => npgsql.MigrationsHistoryTable("__ef_migrations_history", Schema))
            // A failure is thrown as well, and the first start's look for a history table is none.
            .ConfigureWarnings(warnings => warnings.Log((RelationalEventId.CommandError, LogLevel.Debug)));

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.Entity<DataProtectionKey>(key =>
        {
            key.ToTable("data_protection_key");
            key.HasKey(row => row.Id).HasName("pk_data_protection_key");
            key.Property(row => row.Id).HasColumnName("id");
            key.Property(row => row.FriendlyName).HasColumnName("friendly_name");
            key.Property(row => row.Xml).HasColumnName("xml");
        });
        modelBuilder.Entity<Session>(session =>
        {
            session.ToTable("session");
            session.HasKey(row => row.Id).HasName("pk_session");
            session.Property(row => row.Id).HasColumnName("id");
            session.Property(row => row.Ticket).HasColumnName("ticket");
            session.Property(row => row.ExpiresAt).HasColumnName("expires_at");
            session.HasIndex(row => row.ExpiresAt).HasDatabaseName("ix_session_expires_at");
        });
    }
}

/// <summary>A person at a browser, from sign-in to the end.</summary>
internal sealed class Session
{
    /// <summary>Random; the cookie holds it, encrypted.</summary>
    public required string Id { get; init; }

    /// <summary>Who it is, and the tokens. Encrypted.</summary>
    public required string Ticket { get; set; }

    public required DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class PortalDesignTime : IDesignTimeDbContextFactory<PortalDb>
{
    public PortalDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<PortalDb>();
        PortalDb.Configure(options, "Host=localhost");
        return new PortalDb(options.Options);
    }
}
