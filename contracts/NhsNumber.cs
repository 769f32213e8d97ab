using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Safeguarding.Contracts;

/// <summary>
/// A valid ten-digit NHS number. Only a number that passes Modulus 11 can be made into one, and
/// <see cref="ToString"/> never shows its digits, so that it may stand in a log call or an exception by accident.
/// </summary>
/// <remarks>Source: NHS Data Dictionary, NHS NUMBER. Use <see cref="Reveal"/> where the digits are really
/// wanted.</remarks>
[JsonConverter(typeof(NhsNumberJsonConverter))]
public readonly struct NhsNumber : IEquatable<NhsNumber>
{
    private readonly long _digits;

    private NhsNumber(long digits) => _digits = digits;

    /// <summary>The FHIR identifier system of NHS numbers in England.</summary>
    /// <remarks>Source: UK Core, <c>Patient.identifier:nhsNumber</c>.</remarks>
    public const string FhirSystem = "https://fhir.nhs.uk/Id/nhs-number";

    /// <summary>
    /// Reads a number written as <c>9434765919</c>, <c>943 476 5919</c> or <c>943-476-5919</c>.
    /// </summary>
    /// <returns>False where it is not ten digits in one of those forms, or its check digit is wrong.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out NhsNumber number)
    {
        number = default;
        return text is not null && TryParse(text.AsSpan(), out number);
    }

    /// <inheritdoc cref="TryParse(string?, out NhsNumber)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out NhsNumber number)
    {
        number = default;
        text = text.Trim();
        var spaced = text.Length == 12;
        if (!spaced && text.Length != 10)
            return false;
        if (spaced && (text[3] != text[7] || text[3] is not (' ' or '-')))
            return false;

        long digits = 0;
        var sum = 0;
        var position = 0;
        var check = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (spaced && (i is 3 or 7))
                continue;
            if (!char.IsAsciiDigit(text[i]))
                return false;
            var digit = text[i] - '0';
            digits = (digits * 10) + digit;
            if (position < 9)
                sum += digit * (10 - position);
            else
                check = digit;
            position++;
        }

        var expected = (11 - (sum % 11)) % 11;
        // Ten zeros pass the arithmetic and are what systems write for "none".
        if (expected == 10 || expected != check || digits == 0)
            return false;
        number = new NhsNumber(digits);
        return true;
    }

    /// <summary>Reads a number, or throws a <see cref="FormatException"/> that does not quote the input.</summary>
    public static NhsNumber Parse(string text) =>
        TryParse(text, out var number) ? number : throw new FormatException("Not a valid NHS number.");

    /// <summary>
    /// True of numbers that pass their check digit and are assigned to nobody: ten equal digits, which systems write
    /// for "none", and 999 000 0000 to 999 999 9999, which are kept for tests. Such a number finds no one.
    /// </summary>
    public bool IsNobodys => _digits / 10_000_000 == 999 || _digits % 1_111_111_111 == 0;

    /// <summary>The ten digits, unspaced. Personal data: never for a log, a URL or an exception.</summary>
    public string Reveal() =>
        _digits == 0
            ? throw new InvalidOperationException("An uninitialised NHS number has no digits.")
            : _digits.ToString("D10", CultureInfo.InvariantCulture);

    /// <summary>Always <c>NHS number (hidden)</c>.</summary>
    public override string ToString() => "NHS number (hidden)";

    /// <inheritdoc/>
    public bool Equals(NhsNumber other) => _digits == other._digits;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NhsNumber other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _digits.GetHashCode();

    /// <summary>Equal digits.</summary>
    public static bool operator ==(NhsNumber left, NhsNumber right) => left.Equals(right);

    /// <summary>Different digits.</summary>
    public static bool operator !=(NhsNumber left, NhsNumber right) => !left.Equals(right);
}

internal sealed class NhsNumberJsonConverter : JsonConverter<NhsNumber>
{
    public override NhsNumber Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        NhsNumber.TryParse(reader.GetString(), out var number)
            ? number
            : throw new JsonException("Not a valid NHS number.");

    public override void Write(Utf8JsonWriter writer, NhsNumber value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Reveal());
}
