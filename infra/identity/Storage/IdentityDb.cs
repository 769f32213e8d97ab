using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Safeguarding.Identity.Storage;

/// <summary>One table: identity sends and receives no events, so it has no outbox and no inbox.</summary>
public sealed class IdentityDb(DbContextOptions<IdentityDb> options) : DbContext(options)
{
    internal const string Schema = "identity";

    internal DbSet<UsedAssertion> UsedAssertions => Set<UsedAssertion>();

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
            used.Property(row => row.ForgetAt).HasColumnName("forget_at");
            used.HasIndex(row => row.ForgetAt).HasDatabaseName("ix_used_assertion_forget_at");
        });
    }
}

internal sealed class UsedAssertion
{
    public required string ClientId { get; init; }

    public required byte[] JtiSha256 { get; init; }

    public required DateTimeOffset ForgetAt { get; init; }
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
