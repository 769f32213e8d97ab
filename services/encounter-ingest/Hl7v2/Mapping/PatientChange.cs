using Safeguarding.Contracts.Persons;

namespace Safeguarding.EncounterIngest.Hl7v2.Mapping;

/// <summary>One thing that a message says, or does not say: then what is held stays.</summary>
internal readonly record struct Said<T>(bool IsSaid, T? Value)
{
    public static Said<T> Nothing => default;

    public static Said<T> Deleted => new(true, default);

    public static implicit operator Said<T>(T value) => new(true, value);

    public T? Over(T? held) => IsSaid ? Value : held;

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
    /// Null: nothing is said of her. What is said comes over what is held, unless she is another person.
    /// </summary>
    public Said<PatientChange> Mother { get; init; }

    /// <summary>The person as they are known now; absent values stay as they were.</summary>
    public PersonTraits Over(PersonTraits? held)
    {
        var identifier = Identifier.Over(held?.Identifier) ?? new PersonIdentifier.Unknown();
        var isSameNumber = identifier == held?.Identifier;
        return new PersonTraits
        {
            Identifier = identifier,
            NumberStatus =
                identifier is PersonIdentifier.Known
                    ? NumberStatus.Over(isSameNumber ? held?.NumberStatus : null)
                    : null,
            Names = Names.Over(held?.Names) ?? [],
            BirthDate = BirthDate.Over(held?.BirthDate),
            Sex = Sex.Over(held?.Sex),
            Postcodes = Postcodes.Over(held?.Postcodes) ?? [],
            Phones = Phones.Over(held?.Phones) ?? [],
            Mother = Mother.IsSaid ? Somebody(Mother.Value?.Over(held?.Mother)) : held?.Mother,
        };
    }

    private static PersonTraits? Somebody(PersonTraits? mother) =>
        mother is { Identifier: PersonIdentifier.Known } or { Names.Count: > 0 } or { BirthDate: not null }
            ? mother
            : null;

    public override string ToString() => nameof(PatientChange);
}
