using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Safeguarding.Portal.Practice;

/// <summary>The invented families and organisations, as their files say; checked when they are read.</summary>
internal static class Stories
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Practice");

    private static readonly IDeserializer Yaml = new DeserializerBuilder()
        .WithNamingConvention(CamelCaseNamingConvention.Instance)
        .WithEnforceRequiredMembers()
        .WithEnumNamingConvention(CamelCaseNamingConvention.Instance)
        .Build();

    /// <summary>The organisations that the stories take part in.</summary>
    public static PracticeOrganisations Organisations { get; } =
        Read<PracticeOrganisations>(Path.Combine(Folder, "organisations.yaml"));

    /// <summary>The families, by number.</summary>
    public static IReadOnlyList<Family> Families { get; } =
    [
        .. Directory
            .EnumerateFiles(Path.Combine(Folder, "Families"), "*.yaml")
            .Select(Read<Family>)
            .OrderBy(family => family.Number),
    ];

    /// <summary>The family of that number; null where there is none.</summary>
    public static Family? Find(int number) => Families.FirstOrDefault(family => family.Number == number);

    private static T Read<T>(string path)
    {
        using var text = File.OpenText(path);
        return Yaml.Deserialize<T>(text);
    }
}

/// <summary>A family with a story.</summary>
internal sealed record Family
{
    /// <summary>In its address, its plans' references and what is sent: no name.</summary>
    public required int Number { get; init; }

    public required string Title { get; init; }

    /// <summary>Whose people can let it happen: those whose desks it comes to.</summary>
    public required List<string> Councils { get; init; }

    public required string Story { get; init; }

    public required List<FamilyPlan> Plans { get; init; }

    public required List<FamilyEvent> Events { get; init; }

    /// <summary>What a learner should notice.</summary>
    public required string Notice { get; init; }

    public required List<FamilyQuestion> Questions { get; init; }
}

internal sealed record FamilyPlan
{
    public required string Council { get; init; }

    public required string Reference { get; init; }

    /// <summary>As plan-registry names it.</summary>
    public required string Kind { get; init; }

    public required string StartDate { get; init; }

    public string? ExpectedDate { get; init; }

    public bool Restricted { get; init; }

    public required FamilyMember Subject { get; init; }
}

/// <summary>As one who has the record has written them.</summary>
internal sealed record FamilyMember
{
    /// <summary>NHS number; null where none is known.</summary>
    public string? Number { get; init; }

    public required string Family { get; init; }

    public required string Given { get; init; }

    public required string BirthDate { get; init; }

    public required string Sex { get; init; }

    public string? Postcode { get; init; }

    public string? Phone { get; init; }

    public override string ToString() => nameof(FamilyMember);
}

/// <summary>
/// What can be let happen: a step of a visit, which a trust reports, or of an incident, which a police force does.
/// </summary>
internal sealed record FamilyEvent
{
    public required string Id { get; init; }

    /// <summary>On the button.</summary>
    public required string Let { get; init; }

    /// <summary>Which visit it is a step of; null for an incident.</summary>
    public string? Visit { get; init; }

    /// <summary>Where; of a visit.</summary>
    public string? Site { get; init; }

    /// <summary>As FHIR has it; of a visit.</summary>
    public string? Status { get; init; }

    public bool Admitted { get; init; }

    public bool LeftBeforeSeen { get; init; }

    /// <summary>Which incident it is a step of; null for a visit.</summary>
    public string? Incident { get; init; }

    /// <summary>As contacts of the police have it.</summary>
    public string? Kind { get; init; }

    public string? State { get; init; }

    public string? Grade { get; init; }

    /// <summary>As the trust or the force has them, which need not be as the council does.</summary>
    public required FamilyMember Patient { get; init; }

    public required Brings Brings { get; init; }
}

/// <summary>What comes of an event.</summary>
internal enum Brings
{
    /// <summary>An alert on the duty desk.</summary>
    Alert,

    /// <summary>A question on the review desk.</summary>
    Question,

    /// <summary>Nothing, and rightly.</summary>
    Nothing,
}

internal sealed record FamilyQuestion
{
    public required string Ask { get; init; }

    public required string Answer { get; init; }
}

/// <summary>Who takes part.</summary>
internal sealed record PracticeOrganisations
{
    public required List<PracticeCouncil> Councils { get; init; }

    public required List<PracticeSite> Sites { get; init; }

    public required PracticeForce Force { get; init; }
}

internal sealed record PracticeCouncil
{
    public required string Code { get; init; }

    public required string Name { get; init; }

    public required string Client { get; init; }

    public required string OfficePhone { get; init; }

    public required string EmergencyDutyPhone { get; init; }
}

internal sealed record PracticeSite
{
    public required string Code { get; init; }

    public required string Trust { get; init; }

    public required string Client { get; init; }

    public required string Name { get; init; }

    public required string Setting { get; init; }

    public required string Phone { get; init; }
}

internal sealed record PracticeForce
{
    public required string Code { get; init; }

    public required string Client { get; init; }

    public required string Unit { get; init; }

    public required string Phone { get; init; }
}
