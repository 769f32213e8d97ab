using System.Globalization;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>A column of an upload; CSV has them in any order under a header line, NDJSON as property names.</summary>
internal sealed record UploadColumn(int Index, string Name, string Meaning)
{
    /// <summary>
    /// Every column there is, in the order of the documentation. The README's table is checked against
    /// it.
    /// </summary>
    public static IReadOnlyList<UploadColumn> All { get; } =
        Number(
            ("reference", "Your own reference of the plan. Required."),
            (
                "action",
                "Empty or `register` to create or amend, `end` to end (needs `reference` and `end_date` only), "
                    + "`delete` for a plan that was recorded in error (needs `reference` only)."
            ),
            ("kind", "`child-protection`, `looked-after`, `unborn`, or the SNOMED CT code. Required."),
            ("start_date", "First day on the register. Required."),
            ("end_date", "Last day on the register; empty while the plan runs."),
            ("expected_date", "Expected date of delivery. Required for `unborn`, empty for the others."),
            (
                "restricted",
                "`yes` or `no` (`true`, `false`): a restricted plan. Empty, or the column left out, leaves it as it is."
            ),
            (
                "nhs_number",
                "NHS number of the child; **of the mother for `unborn`**, as all the following columns up to `phones`."
            ),
            ("identifier_state", "`known`, `unknown` or `withheld`. May be empty where `nhs_number` is filled."),
            ("family_name", "Usual family name."),
            ("given_names", "Usual given names, separated by spaces."),
            ("former_names", "Names the person had before, as `Family, Given Given; Family, Given`."),
            ("other_names", "Aliases, nicknames and so on, written like `former_names`."),
            ("birth_date", "Date of birth; empty if not known."),
            ("sex", "`male`, `female`, `other`, `unknown`, or `1`, `2`, `9`, `X`."),
            ("postcode", "Current postcode; nothing else of the address."),
            ("former_postcodes", "Postcodes of earlier homes, separated by `;`."),
            ("phones", "Telephone numbers, separated by `;`."),
            ("mother_nhs_number", "NHS number of the child's mother. All `mother_` columns stay empty for `unborn`."),
            ("mother_identifier_state", "As `identifier_state`; may be empty."),
            ("mother_family_name", "The mother's usual family name."),
            ("mother_given_names", "Her usual given names, separated by spaces."),
            ("mother_former_names", "As `former_names`."),
            ("mother_birth_date", "Her date of birth."),
            ("mother_postcode", "Her current postcode.")
        );

    /// <summary>Why a line was refused, in the list of such lines; ignored where a corrected list comes back.</summary>
    public const string Reason = "refused_because";

    private static readonly Dictionary<string, UploadColumn> ByName = All.ToDictionary(
        column => column.Name,
        StringComparer.Ordinal
    );

    public static UploadColumn Named(string name) => ByName[name];

    /// <summary>
    /// Finds a column as people write them: <c>NHS Number</c> is <c>nhs_number</c>, whatever kind of space or
    /// line break is in it.
    /// </summary>
    public static UploadColumn? Find(string written) => ByName.GetValueOrDefault(NameOf(written));

    /// <summary>Whether it is the column that the hub itself puts before refused lines.</summary>
    public static bool IsReason(string written) => NameOf(written) == Reason;

    private static string NameOf(string written)
    {
        var words = written
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(word =>
                word.Split(['_', '-', '\u2010', '\u2011', '\u2013'], StringSplitOptions.RemoveEmptyEntries)
            )
            .Select(word =>
                string.Concat(word.Where(c => char.GetUnicodeCategory(c) != UnicodeCategory.Format)).ToLowerInvariant()
            );
        return string.Join('_', words.Where(word => word.Length > 0)).Trim('*', ':', '\'');
    }

    private static UploadColumn[] Number(params (string Name, string Meaning)[] columns) =>
        [.. columns.Select((column, index) => new UploadColumn(index, column.Name, column.Meaning))];
}
