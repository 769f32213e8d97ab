using System.Globalization;
using System.Text;

namespace Safeguarding.Demo.People;

/// <summary>A council's register in the columns of <c>POST /uploads</c>: child n has the plan <c>SYN-n</c>.</summary>
internal static class SyntheticRegister
{
    private static readonly DateOnly FirstStart = new(2025, 1, 6);
    private const int StartDays = 350;

    public static string ReferenceOf(int child) => string.Create(CultureInfo.InvariantCulture, $"SYN-{child:D7}");

    /// <summary>
    /// Writes the plans of these children as CSV, line by line, so that a register of any size needs no
    /// memory.
    /// </summary>
    public static async Task WriteCsvAsync(Stream to, IEnumerable<int> children, CancellationToken cancellationToken)
    {
        await using var csv = new StreamWriter(
            to,
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            64 * 1024,
            leaveOpen: true
        );
        await csv.WriteAsync(
            "reference,kind,start_date,nhs_number,family_name,given_names,birth_date,sex,postcode\n".AsMemory(),
            cancellationToken
        );
        foreach (var number in children)
            await csv.WriteAsync(Line(SyntheticPeople.Child(number)).AsMemory(), cancellationToken);
    }

    private static string Line(SyntheticChild child) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{ReferenceOf(child.Number)},{KindOf(child)},{FirstStart.AddDays(child.Number % StartDays):yyyy-MM-dd},{child.NhsNumber.Reveal()},{child.FamilyName},{child.GivenName} {child.MiddleName},{child.BirthDate:yyyy-MM-dd},{(child.IsGirl ? "female" : "male")},{child.Postcode}\n"
        );

    // About as many as in England: three on a protection plan to five looked after.
    private static string KindOf(SyntheticChild child) => child.Number % 8 < 3 ? "child-protection" : "looked-after";
}
