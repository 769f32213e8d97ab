using Safeguarding.Contracts.Persons;

namespace Safeguarding.Bench.Linkage;

/// <summary>A synthetic child as it really is.</summary>
internal sealed record Child(
    int Id,
    Home Home,
    string Number,
    string Given,
    string? Second,
    string Family,
    DateOnly Born,
    Sex Sex,
    bool IsTwin,
    int FirstOfTwins
);

/// <summary>A synthetic home with its children.</summary>
internal sealed record Home(
    Origin Origin,
    string Family,
    string Postcode,
    string FormerPostcode,
    string Phone,
    string MotherNumber,
    string MotherGiven,
    string MotherFamily
)
{
    public List<Child> Children { get; } = [];
}
