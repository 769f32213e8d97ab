using Safeguarding.Contracts.Persons;

namespace Safeguarding.EncounterIngest.Hl7v2.Mapping;

/// <summary>One thing that a message says, or does not say: then what is stored stays.</summary>
internal readonly record struct Said<T>(bool IsSaid, T? Value)
{
    public static Said<T> Nothing => default;

    public static Said<T> Deleted => new(true, default);

    public static implicit operator Said<T>(T value) => new(true, value);

    public T? Over(T? stored) => IsSaid ? Value : stored;

    public override string ToString() => nameof(Said<>);
}

/// <summary>What a message says of a person.</summary>
internal sealed record PatientChange
{
    public Said<PersonIdentifier> Identifier { get; init; }

    public Said<NhsNumberStatus?> NumberStatus { get; init; }

    public Said<IReadOnlyList<PersonName>> Names { get; init; }

    public Said<DateOnly?> BirthDate { get; init; }

    public Said<Sex?> Sex { get; init; }

    public Said<IReadOnlyList<PersonPostcode>> Postcodes { get; init; }

    public Said<IReadOnlyList<string>> Phones { get; init; }

    /// <summary>
    /// Null: nothing is said of her. What is said comes over what is stored, unless she is another person.
    /// </summary>
    public Said<PatientChange> Mother { get; init; }

    /// <summary>The person as they are known now; absent values stay as they were.</summary>
    public PersonTraits Over(PersonTraits? stored)
    {
        var identifier = Identifier.Over(stored?.Identifier) ?? new PersonIdentifier.Unknown();
        var isSameNumber = identifier == stored?.Identifier;
        return new PersonTraits
        {
            Identifier = identifier,
            NumberStatus =
                identifier is PersonIdentifier.Known
                    ? NumberStatus.Over(isSameNumber ? stored?.NumberStatus : null)
                    : null,
            Names = Names.Over(stored?.Names) ?? [],
            BirthDate = BirthDate.Over(stored?.BirthDate),
            Sex = Sex.Over(stored?.Sex),
            Postcodes = Postcodes.Over(stored?.Postcodes) ?? [],
            Phones = Phones.Over(stored?.Phones) ?? [],
            Mother = Mother.IsSaid ? Somebody(Mother.Value?.Over(stored?.Mother)) : stored?.Mother,
        };
    }

    private static PersonTraits? Somebody(PersonTraits? mother) =>
        mother is { Identifier: PersonIdentifier.Known } or { Names.Count: > 0 } or { BirthDate: not null }
            ? mother
            : null;

    public override string ToString() => nameof(PatientChange);
}
