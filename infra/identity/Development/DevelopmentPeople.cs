using Safeguarding.Hosting.Access;

namespace Safeguarding.Identity.Development;

/// <summary>One kind of work for one organisation.</summary>
/// <param name="Organisation">Of the made-up ones of <c>./hub demo</c>.</param>
/// <param name="Role">In the roles file.</param>
internal sealed record Work(string Organisation, string Role)
{
    public override string ToString() => $"{Organisation} {Role}";
}

/// <summary>A made-up person.</summary>
/// <param name="Id">In the subject of tokens.</param>
/// <param name="Name">Of nobody.</param>
/// <param name="Acr">How they sign in, in the provider's words.</param>
/// <param name="SignedInBefore">How long ago they last did.</param>
/// <param name="Work">What they may be here.</param>
internal sealed record DevelopmentPerson(
    string Id,
    string Name,
    string Acr,
    TimeSpan SignedInBefore,
    params IReadOnlyList<Work> Work
);

/// <summary>Made-up people: every role, and those whom identity does not let in.</summary>
internal static class DevelopmentPeople
{
    public const string Password = "password";
    public const string TwoFactors = "two-factors";
    public const string SmartCard = "smart-card";

    private const string Meadowbank = "RZ1";
    private const string Northmoor = "E08999901";
    private const string Eastvale = "E08999902";
    private const string Force = "98";
    private const string Hub = "HUB";

    public static IReadOnlyDictionary<string, AssuranceLevel> Assurance { get; } =
        new Dictionary<string, AssuranceLevel>
        {
            [Password] = AssuranceLevel.Aal1,
            [TwoFactors] = AssuranceLevel.Aal2,
            [SmartCard] = AssuranceLevel.Aal3,
        };

    public static IReadOnlyList<DevelopmentPerson> All { get; } =
    [
        new("p01", "Asha Brindle", SmartCard, default, new Work(Meadowbank, "clinician-unscheduled")),
        new("p02", "Bram Castell", TwoFactors, default, new Work(Meadowbank, "clinician-scheduled")),
        new("p03", "Cerys Dunmore", TwoFactors, default, new Work(Meadowbank, "safeguarding-lead")),
        new("p04", "Dara Elmsley", TwoFactors, default, new Work(Meadowbank, "privacy-officer")),
        new("p05", "Edwin Farrow", TwoFactors, default, new Work(Northmoor, "duty-worker")),
        new("p06", "Freya Gorton", TwoFactors, default, new Work(Northmoor, "reviewer")),
        new("p07", "Gita Harrow", TwoFactors, default, new Work(Northmoor, "plan-keeper")),
        new("p08", "Hugo Islip", TwoFactors, default, new Work(Northmoor, "safeguarding-lead")),
        new("p09", "Imani Jarrow", TwoFactors, default, new Work(Northmoor, "manager")),
        new("p10", "Jonas Kerrick", TwoFactors, default, new Work(Northmoor, "privacy-officer")),
        new("p11", "Kezia Lowther", TwoFactors, default, new Work(Eastvale, "duty-worker")),
        new(
            "p12",
            "Lorcan Mayhew",
            TwoFactors,
            default,
            new Work(Northmoor, "duty-worker"),
            new Work(Eastvale, "reviewer")
        ),
        new("p13", "Mabel Northcott", TwoFactors, default, new Work(Force, "control-room")),
        new("p14", "Niall Oakden", TwoFactors, default, new Work(Force, "public-protection")),
        new("p15", "Oona Pelham", TwoFactors, default, new Work(Force, "supervisor")),
        new("p16", "Piers Quarles", TwoFactors, default, new Work(Hub, "governance")),
        new("p17", "Rhoda Selwyn", SmartCard, default, new Work(Hub, "operator")),
        new("p18", "Silas Tarrant", Password, default, new Work(Northmoor, "reviewer")),
        new("p19", "Thea Underhill", TwoFactors, TimeSpan.FromHours(11), new Work(Northmoor, "duty-worker")),
        new("p20", "Uriah Vane", TwoFactors, default),
        new("p21", "Vera Winslow", TwoFactors, default, new Work(Northmoor, "reviewer")),
        new("p22", "Wilf Yarrow", TwoFactors, default, new Work(Meadowbank, "integration-engineer")),
        new("p23", "Xanthe Zeal", TwoFactors, default, new Work(Northmoor, "integration-engineer")),
    ];
}
