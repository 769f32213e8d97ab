using Safeguarding.Portal.SignIn;

namespace Safeguarding.Portal.Pages;

/// <summary>A page that a role opens: in the menu and on the home page.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">In the menu.</param>
/// <param name="Scope">What a person needs, as the services do.</param>
/// <param name="About">What one does there.</param>
internal sealed record PortalPage(string Path, string Name, string Scope, string About)
{
    private static readonly PortalPage[] All =
    [
        new("/alerts", "Alerts", "alert.read", "Children on a plan of your council who were seen in unscheduled care."),
        new(
            "/reviews",
            "Possible matches",
            "review.decide",
            "Patients who may be a child on a plan of your council: decide."
        ),
        new("/plans", "Plans", "plan.read", "The plans of your council that the hub knows."),
        new("/uploads", "Uploads", "plan.write", "Load a file of your register: it is checked first, and you decide."),
        new(
            "/integration",
            "Integration",
            "subscription.write",
            "Where alerts are sent, what arrived and what failed."
        ),
        new(
            "/refused",
            "Rejected messages",
            "refusals.read",
            "What the hub rejected of your organisation’s systems, and why."
        ),
        new(
            "/check-encounter",
            "Check a FHIR message",
            "encounter.validate",
            "What the hub would say of an Encounter or a Bundle, line by line. Nothing is stored."
        ),
        new(
            "/check-token",
            "Check a token",
            "client.write",
            "What the hub would refuse of a client assertion or an access token, claim by claim."
        ),
        new(
            "/clients",
            "Clients",
            "client.write",
            "Your systems that get tokens: their scopes and keys, and new keys."
        ),
        new("/figures", "Figures", "alert.read", "Alerts, reviews and the register in numbers that you may pass on."),
        new("/operations", "Operations", "ops", "Which part of the hub is well, what waits, and what needs you."),
        new("/audit", "Audit", "audit.read", "Who of your organisation did what, and who looked at what concerns you."),
        new("/break-glass", "Break-glass", "breakglass.review", "Uses of break-glass that wait for your judgement."),
        new(
            "/subject-access",
            "Subject access",
            "subject.export",
            "Answer a person who asks what your council holds of them."
        ),
        new("/look-up", "Look a child up", "lookup.person", "Is the child on a plan, and whom to ring now."),
    ];

    public static IEnumerable<PortalPage> For(SignedInPerson person) => All.Where(page => person.May(page.Scope));
}
