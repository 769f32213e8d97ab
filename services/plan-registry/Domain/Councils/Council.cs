using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Safeguarding.Contracts.Councils;
using Safeguarding.Messaging;

namespace Safeguarding.PlanRegistry.Domain.Councils;

/// <summary>How a council is reached.</summary>
internal sealed class Council
{
    public required string Code { get; init; }
    public required Guid Id { get; init; }
    public long Version { get; set; }
    public string Name { get; set; } = "";
    public string OfficePhone { get; set; } = "";
    public string EmergencyDutyPhone { get; set; } = "";
    public IReadOnlyList<OfficeHours> OfficeHours { get; set; } = [];
    public DateOnly[] BankHolidays { get; set; } = [];
    public DateTimeOffset ChangedAt { get; set; }

    internal static void Configure(EntityTypeBuilder<Council> council)
    {
        council.HasKey(c => c.Code);
        council.Property(c => c.Version).IsConcurrencyToken();
        council
            .Property(c => c.OfficeHours)
            .HasColumnType("jsonb")
            .HasConversion(
                hours => JsonSerializer.Serialize(hours, HubJson.Options),
                json => JsonSerializer.Deserialize<List<OfficeHours>>(json, HubJson.Options)!,
                new ValueComparer<IReadOnlyList<OfficeHours>>(
                    (one, other) => one!.SequenceEqual(other!),
                    hours => hours.Count,
                    hours => hours
                )
            );
    }
}
