namespace Safeguarding.Contracts.Encounters;

/// <summary>
/// What a police force reports of a child, in place of care. It travels sealed within <see cref="Place"/>, and never
/// holds a narrative, an address, another person or a suspect.
/// </summary>
/// <remarks>Source: an event of the POLE Data Standards Catalogue 1.0 (National Police Chiefs' Council), as the Police
/// Standard Data Model carries it.</remarks>
/// <param name="Kind">What happened.</param>
/// <param name="Grade">How grave the force thinks it, where it grades.</param>
/// <param name="IncidentNumber">What to quote to the force.</param>
public sealed record PoliceContact(ContactKind Kind, ContactGrade? Grade, string IncidentNumber)
{
    /// <summary>Never the content.</summary>
    public override string ToString() => nameof(PoliceContact);
}

/// <summary>Why a police force tells of a child.</summary>
/// <remarks>The hub's own names; the acts of Parliament are cited where they give the kind its meaning
/// (legislation.gov.uk, 30 November 2026).</remarks>
public enum ContactKind
{
    /// <summary>A public protection notice (in London: MERLIN).</summary>
    ProtectionNotice,

    /// <summary>A domestic-abuse incident in the child's household.</summary>
    DomesticAbuse,

    /// <summary>The child is missing; the contact ends when the child is found.</summary>
    Missing,

    /// <summary>The child is arrested.</summary>
    Custody,

    /// <summary>
    /// The child is charged and refused bail: the force asks the council for accommodation (Police and Criminal
    /// Evidence Act 1984, section 38(6)).
    /// </summary>
    AccommodationRequest,

    /// <summary>The child is in police protection (Children Act 1989, section 46).</summary>
    PoliceProtection,
}

/// <summary>Grades of risk that forces give.</summary>
/// <remarks>Source: the Domestic Abuse, Stalking and Honour Based Violence risk assessment (DASH).</remarks>
public enum ContactGrade
{
    /// <summary>The lowest.</summary>
    Standard,

    /// <summary>Between.</summary>
    Medium,

    /// <summary>The highest.</summary>
    High,
}
