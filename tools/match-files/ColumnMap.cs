using System.Text.Json;

namespace Safeguarding.MatchFiles;

/// <summary>Which column of a file is which trait. Comes from <c>--map</c>, or is read off the headings.</summary>
internal sealed record ColumnMap(string Id, IReadOnlyList<MappedColumn> Columns)
{
    private static readonly Dictionary<string, Field> Names = new()
    {
        ["id"] = Field.Id,
        ["recid"] = Field.Id,
        ["uniqueid"] = Field.Id,
        ["recordid"] = Field.Id,
        ["rowid"] = Field.Id,
        ["identifier"] = Field.Identifier,
        ["nhsnumber"] = Field.NhsNumber,
        ["nhsno"] = Field.NhsNumber,
        ["nhsnumberstatus"] = Field.NhsNumberStatus,
        ["nhsnumberstatusindicatorcode"] = Field.NhsNumberStatus,
        ["socsecid"] = Field.Identifier,
        ["ssn"] = Field.Identifier,
        ["nationalid"] = Field.Identifier,
        ["number"] = Field.Identifier,
        ["identifiers"] = Field.Identifier,
        ["givennames"] = Field.Given,
        ["givenname"] = Field.Given,
        ["firstname"] = Field.Given,
        ["forename"] = Field.Given,
        ["firstnames"] = Field.Given,
        ["forenames"] = Field.Given,
        ["given"] = Field.Given,
        ["fname"] = Field.Given,
        ["fnamec1"] = Field.Given,
        ["fnamec2"] = Field.Given,
        ["middlename"] = Field.Given,
        ["middlenames"] = Field.Given,
        ["secondname"] = Field.Given,
        ["midlname"] = Field.Given,
        ["familyname"] = Field.Family,
        ["familynames"] = Field.Family,
        ["surname"] = Field.Family,
        ["lastname"] = Field.Family,
        ["family"] = Field.Family,
        ["lname"] = Field.Family,
        ["lnamec1"] = Field.Family,
        ["lnamec2"] = Field.Family,
        ["surnames"] = Field.Family,
        ["lastnames"] = Field.Family,
        ["formernames"] = Field.FormerNames,
        ["othernames"] = Field.OtherNames,
        ["name"] = Field.FullName,
        ["fullname"] = Field.FullName,
        ["personname"] = Field.FullName,
        ["birthdate"] = Field.BirthDate,
        ["dateofbirth"] = Field.BirthDate,
        ["dob"] = Field.BirthDate,
        ["born"] = Field.BirthDate,
        ["birthday"] = Field.BirthDate,
        ["birthyear"] = Field.BirthYear,
        ["by"] = Field.BirthYear,
        ["yearofbirth"] = Field.BirthYear,
        ["dobyear"] = Field.BirthYear,
        ["yob"] = Field.BirthYear,
        ["birthmonth"] = Field.BirthMonth,
        ["bm"] = Field.BirthMonth,
        ["monthofbirth"] = Field.BirthMonth,
        ["dobmonth"] = Field.BirthMonth,
        ["mob"] = Field.BirthMonth,
        ["birthdayofmonth"] = Field.BirthDay,
        ["bd"] = Field.BirthDay,
        ["dayofbirth"] = Field.BirthDay,
        ["dobday"] = Field.BirthDay,
        ["sex"] = Field.Sex,
        ["gender"] = Field.Sex,
        ["postcode"] = Field.Postcode,
        ["postalcode"] = Field.Postcode,
        ["zip"] = Field.Postcode,
        ["zipcode"] = Field.Postcode,
        ["postcodefake"] = Field.Postcode,
        ["postcodes"] = Field.Postcode,
        ["formerpostcodes"] = Field.FormerPostcodes,
        ["phone"] = Field.Phone,
        ["telephone"] = Field.Phone,
        ["mobile"] = Field.Phone,
        ["phonenumber"] = Field.Phone,
        ["phones"] = Field.Phone,
        ["tel"] = Field.Phone,
        ["email"] = Field.Email,
        ["emailaddress"] = Field.Email,
        ["mail"] = Field.Email,
        ["address"] = Field.Address,
        ["addressline"] = Field.Address,
        ["addresswords"] = Field.Address,
        ["address1"] = Field.Address,
        ["address2"] = Field.Address,
        ["address3"] = Field.Address,
        ["addressline1"] = Field.Address,
        ["addressline2"] = Field.Address,
        ["street"] = Field.Address,
        ["streetnumber"] = Field.Address,
        ["streetname"] = Field.Address,
        ["housenumber"] = Field.Address,
        ["street1"] = Field.Address,
        ["place"] = Field.Place,
        ["places"] = Field.Place,
        ["placename"] = Field.Place,
        ["placenames"] = Field.Place,
        ["suburb"] = Field.Place,
        ["city"] = Field.Place,
        ["town"] = Field.Place,
        ["state"] = Field.Place,
        ["county"] = Field.Place,
        ["region"] = Field.Place,
        ["locality"] = Field.Place,
        ["country"] = Field.Place,
        ["birthplace"] = Field.Text,
        ["placeofbirth"] = Field.Text,
        ["occupation"] = Field.Text,
        ["other"] = Field.Text,
        ["text"] = Field.Text,
        ["others"] = Field.Text,
        ["mothernhsnumber"] = Field.MotherNhsNumber,
        ["motherfamilyname"] = Field.MotherFamily,
        ["mothergivennames"] = Field.MotherGiven,
        ["motherbirthdate"] = Field.MotherBirthDate,
        ["motherpostcode"] = Field.MotherPostcode,
        ["expecteddate"] = Field.ExpectedDate,
        ["kind"] = Field.PlanKind,
        ["plankind"] = Field.PlanKind,
        ["startedat"] = Field.StartedAt,
        ["attendancedate"] = Field.StartedAt,
        ["council"] = Field.Council,
        ["councilcode"] = Field.Council,
        ["localauthority"] = Field.Council,
        ["caresetting"] = Field.CareSetting,
        ["mothername"] = Field.Text,
        ["mother"] = Field.Text,
        ["mothers"] = Field.Text,
        ["race"] = Field.Text,
        ["ethnicity"] = Field.Text,
    };

    /// <summary>
    /// Reads a map document: keys are traits, values a column or several. A column may be in the other file
    /// only.
    /// </summary>
    public static ColumnMap Read(JsonElement document, IReadOnlyList<string> headings, IReadOnlyList<string> others)
    {
        if (document.ValueKind != JsonValueKind.Object)
            throw new BadFileException("The map is no JSON object.");
        var columns = new List<MappedColumn>();
        string? id = null;
        foreach (var entry in document.EnumerateObject())
        {
            var names =
                entry.Value.ValueKind == JsonValueKind.Array
                    ? entry.Value.EnumerateArray().Select(NameIn).ToList()
                    : [NameIn(entry.Value)];
            // A trait that the rules do not know is compared as text.
            var field = Names.GetValueOrDefault(Plain(entry.Name), Field.Text);
            foreach (var name in names)
            {
                var heading = Among(headings, name);
                if (heading is null && Among(others, name) is null)
                    throw new BadFileException($"The map names a column that no file has: {name}.");
                if (heading is null)
                    continue;
                if (field == Field.Id)
                    id = heading;
                else
                    columns.Add(new(heading, field));
            }
        }

        return new(id ?? IdAmong(headings), columns);
    }

    /// <summary>Reads the map off the headings; columns of unknown meaning are left out.</summary>
    public static ColumnMap Guess(IReadOnlyList<string> headings)
    {
        var columns = headings
            .Select(heading => new MappedColumn(heading, Names.GetValueOrDefault(Plain(heading), Field.Unused)))
            .Where(column => column.Field is not (Field.Id or Field.Unused));
        return new(IdAmong(headings), [.. columns]);
    }

    private static string NameIn(JsonElement value) =>
        value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new BadFileException("In the map, a trait wants the name of a column, or a list of them.");

    private static string? Among(IReadOnlyList<string> headings, string name) =>
        headings.FirstOrDefault(heading => string.Equals(heading, name, StringComparison.OrdinalIgnoreCase));

    private static string IdAmong(IReadOnlyList<string> headings) =>
        headings.FirstOrDefault(heading => string.Equals(heading, "id", StringComparison.OrdinalIgnoreCase))
        ?? headings.FirstOrDefault(heading => Names.GetValueOrDefault(Plain(heading)) == Field.Id)
        ?? throw new BadFileException("The file has no column named id; name it in the map: {\"id\": \"…\"}.");

    private static string Plain(string heading) =>
        string.Concat(heading.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}

/// <summary>A column and what it holds.</summary>
internal sealed record MappedColumn(string Heading, Field Field);

/// <summary>What a column can hold.</summary>
internal enum Field
{
    Unused,
    Id,

    /// <summary>A number in use elsewhere: a slip of a key in it is seen by comparing only.</summary>
    Identifier,

    /// <summary>An NHS number: what fails its check digit is none, as in the service.</summary>
    NhsNumber,

    /// <summary>How far the NHS number was traced, 01 to 08.</summary>
    NhsNumberStatus,
    Given,
    Family,
    FullName,
    FormerNames,
    OtherNames,
    BirthDate,
    BirthYear,
    BirthMonth,
    BirthDay,
    Sex,
    Postcode,
    FormerPostcodes,
    Phone,
    Email,
    Address,
    Place,
    Text,
    MotherNhsNumber,
    MotherFamily,
    MotherGiven,
    MotherBirthDate,
    MotherPostcode,

    /// <summary>Expected date of delivery: the row is the mother of an unborn plan.</summary>
    ExpectedDate,
    Council,
    CareSetting,

    /// <summary>Which register a plan is on: by it, the age at which it ends.</summary>
    PlanKind,

    /// <summary>The day of the encounter: by it, the patient's age is judged.</summary>
    StartedAt,
}
