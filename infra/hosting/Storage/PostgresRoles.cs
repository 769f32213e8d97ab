namespace Safeguarding.Hosting.Storage;

/// <summary>
/// The PostgreSQL logins of a program, of which identity and the portal have no third:
/// docs/decisions/0034-three-logins-and-row-level-security.md.
/// </summary>
/// <param name="Schema">The service's schema.</param>
public sealed record PostgresRoles(string Schema)
{
    /// <summary>Owns schema and tables; used for migrations at the start and for nothing else.</summary>
    public string Owner => Schema;

    /// <summary>Of consumers, background work and operators' routes: rows of all organisations, no DDL.</summary>
    public string Worker => $"{Schema}_worker";

    /// <summary>Of HTTP requests: rows of the caller's organisation.</summary>
    public string Request => $"{Schema}_request";

    /// <summary>Of the service of that name.</summary>
    /// <param name="service">Such as <c>plan-registry</c>.</param>
    public static PostgresRoles OfService(string service) => new(service.Replace('-', '_'));
}
