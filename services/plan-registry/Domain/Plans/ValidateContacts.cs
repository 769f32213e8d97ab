using Safeguarding.Contracts.Persons;

namespace Safeguarding.PlanRegistry.Domain.Plans;

internal static class ValidateContacts
{
    private const int Most = 20;
    private const int LongestPostcode = 12;
    private const int LongestPhone = 30;

    public static IReadOnlyList<PersonPostcode> Postcodes(
        IReadOnlyList<PostcodeDocument?>? postcodes,
        PersonFields fields,
        ValidationErrors errors
    )
    {
        if (postcodes is null or [])
            return [];
        if (postcodes.Count > Most)
            errors.Add(fields.FormerPostcodes, "too-many", $"At most {Most} postcodes can be kept of one person.");

        var read = new List<PersonPostcode>();
        foreach (var postcode in postcodes.Take(Most))
        {
            var field = postcode?.Former == true ? fields.FormerPostcodes : fields.Postcode;
            if (PlainText.Read(postcode?.Postcode, field, LongestPostcode, errors) is not { } text)
                continue;
            // A whole address in this column is the common mistake, and an address is never kept.
            if (
                !text.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-')
                || !text.Any(char.IsAsciiDigit)
                || HasWord(text)
            )
            {
                errors.Add(
                    field,
                    "postcode-format",
                    "Only a postcode belongs here, such as SW1A 1AA; no other part of the address."
                );
            }
            else
            {
                read.Add(new PersonPostcode(text, postcode!.Former));
            }
        }

        return [.. read.Distinct().OrderBy(postcode => postcode.Former)];
    }

    // No postcode of any country has four letters in a row; every street has.
    private static bool HasWord(string text)
    {
        var letters = 0;
        return text.Any(c => (letters = char.IsAsciiLetter(c) ? letters + 1 : 0) == 4);
    }

    public static IReadOnlyList<string> Phones(
        IReadOnlyList<string?>? phones,
        PersonFields fields,
        ValidationErrors errors
    )
    {
        if (phones is null or [])
            return [];
        if (phones.Count > Most)
            errors.Add(fields.Phones, "too-many", $"At most {Most} telephone numbers can be kept of one person.");

        var read = new List<string>();
        foreach (var phone in phones.Take(Most))
        {
            if (Phone(phone, fields.Phones, errors) is { } text && !read.Contains(text))
                read.Add(text);
        }

        return read;
    }

    public static string? Phone(string? raw, PlanField field, ValidationErrors errors)
    {
        if (PlainText.Read(raw, field, LongestPhone, errors) is not { } text)
            return null;
        if (
            text.Count(char.IsAsciiDigit) >= 3
            && text.All(c => char.IsAsciiDigit(c) || c is ' ' or '+' or '(' or ')' or '-' or '.' or '#' or 'x')
        )
        {
            return text;
        }

        errors.Add(
            field,
            "phone-format",
            "A telephone number has digits, spaces and + ( ) - . # x only, with x before an extension."
        );
        return null;
    }
}
