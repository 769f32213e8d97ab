using Npgsql;
using NpgsqlTypes;

namespace Safeguarding.Hosting.Audit;

/// <summary>Writes records where no context of Entity Framework does.</summary>
internal sealed class AuditStore(NpgsqlDataSource source, AuditedService service)
{
    private readonly string _insert = $"""
        INSERT INTO {service.Schema}.audit_record (id, at, organisation, client_id, person, role, assurance,
            purpose, lawful_basis, act, subject_type, subject, outcome, code, times, request_id, correlation_id,
            reason, concerning)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
        ON CONFLICT (id) DO NOTHING
        """;

    public async Task AddAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await AddAsync(record, connection, cancellationToken);
    }

    /// <summary>In the transaction of the connection.</summary>
    public async Task AddAsync(AuditRecord record, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(_insert, connection);
        var parameters = command.Parameters;
        parameters.Add(new() { Value = record.Id });
        parameters.Add(new() { Value = record.At });
        Add(record.Organisation);
        Add(record.ClientId);
        Add(record.Person);
        Add(record.Role);
        Add(record.Assurance);
        Add(record.Purpose);
        Add(record.LawfulBasis);
        Add(record.Act);
        Add(record.SubjectType);
        parameters.Add(new() { Value = record.Subject });
        Add(record.Outcome);
        Add(record.Code);
        parameters.Add(new() { Value = (object?)record.Times ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        Add(record.RequestId);
        Add(record.CorrelationId);
        Add(record.Reason);
        parameters.Add(
            new()
            {
                Value = (object?)record.Concerning ?? DBNull.Value,
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
            }
        );
        await command.ExecuteNonQueryAsync(cancellationToken);

        void Add(string? text) =>
            parameters.Add(new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
    }
}
