using System.Text.Json.Serialization;

namespace Safeguarding.Contracts.Persons;

/// <summary>
/// The national identifier of a person as one of three real states: known, not known, or known to the sender but
/// withheld. The Children Act 2004 s16LC lets a body leave the identifier out in the two latter cases, so neither is an
/// empty string here.
/// </summary>
/// <remarks>Source: FHIR R4 <c>Patient.identifier</c> with the system of NHS numbers; NHS Data Dictionary, NHS
/// NUMBER.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "state")]
[JsonDerivedType(typeof(Known), "known")]
[JsonDerivedType(typeof(Unknown), "unknown")]
[JsonDerivedType(typeof(Withheld), "withheld")]
public abstract record PersonIdentifier
{
    private PersonIdentifier() { }

    /// <summary>The NHS number, or null where it is unknown or withheld.</summary>
    [JsonIgnore]
    public NhsNumber? NhsNumber => this is Known known ? known.Number : null;

    /// <summary>A valid NHS number is known.</summary>
    /// <param name="Number">The number; Modulus 11 holds.</param>
    public sealed record Known(NhsNumber Number) : PersonIdentifier
    {
        /// <summary>Never the digits.</summary>
        public override string ToString() => "Identifier known";
    }

    /// <summary>The sender does not know it.</summary>
    public sealed record Unknown : PersonIdentifier;

    /// <summary>The sender knows it and must not or will not say it.</summary>
    public sealed record Withheld : PersonIdentifier;
}
