using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules.Names;

namespace Safeguarding.Matching.Rules;

/// <summary>
/// A person as a few bits. Most pairs of a crowd are two persons at a glance, and a crowd has very many pairs; where the bits cannot tell,
/// <see cref="Fold.AreTwo"/> looks at the persons themselves.
/// </summary>
internal readonly struct Outline
{
    private readonly bool _isNumbered;
    private readonly int _number;
    private readonly Sex? _sex;
    private readonly ulong _family, _given, _home;

    private Outline(Person person)
    {
        // A former number or the mother's may be the other's: no glance tells.
        _isNumbered = person is { Number: not null, NumberIsChecked: true, FormerNumbers.Count: 0, Mother: null };
        _number = person.Number?.GetHashCode(StringComparison.Ordinal) ?? 0;
        _sex = person.Sex is Sex.Other ? null : person.Sex;
        foreach (var name in person.Names)
        {
            _family |= BitsOf(name.Family);
            _given |= BitsOf(name.Given);
        }

        foreach (var postcode in person.Postcodes)
            _home |= BitOf(postcode.Outcode);
        foreach (var phone in person.Phones)
            _home |= BitOf(phone);
    }

    public static Outline Of(Person person) => new(person);

    /// <summary>True where these are surely of two persons; false says nothing.</summary>
    public static bool AreTwo(in Outline left, in Outline right) => left.IsSurelyAnother(right);

    private bool IsSurelyAnother(in Outline other)
    {
        if (!_isNumbered || !other._isNumbered || _number == other._number)
            return false;
        if (_sex is not null && other._sex is not null && _sex != other._sex)
            return true;
        var straight = (_family & other._family) != 0 && (_given & other._given) != 0;
        var crosswise = (_family & other._given) != 0 && (_given & other._family) != 0;
        return !straight && !crosswise && (_home & other._home) == 0;
    }

    private static ulong BitsOf(NameWords name)
    {
        // A name that is not known may be any.
        if (name.IsEmpty)
            return ulong.MaxValue;
        var bits = BitOf(name.Joined);
        for (var i = 0; i < name.Words.Count; i++)
            bits |= BitOf(name.Words[i]);
        return bits;
    }

    private static ulong BitOf(string text) => 1UL << (text.GetHashCode(StringComparison.Ordinal) & 63);
}
