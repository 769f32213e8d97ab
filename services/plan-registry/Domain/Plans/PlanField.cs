namespace Safeguarding.PlanRegistry.Domain.Plans;

/// <summary>A field of a plan, by its two names: in the JSON of a single plan, and as a column of an upload.</summary>
internal sealed record PlanField(string Json, string Column)
{
    public static readonly PlanField Reference = new("reference", "reference");
    public static readonly PlanField Action = new("action", "action");
    public static readonly PlanField Kind = new("kind", "kind");
    public static readonly PlanField StartDate = new("startDate", "start_date");
    public static readonly PlanField EndDate = new("endDate", "end_date");
    public static readonly PlanField ExpectedDate = new("expectedDate", "expected_date");
    public static readonly PlanField Restricted = new("restricted", "restricted");
    public static readonly PlanField Subject = new("subject", "nhs_number");
    public static readonly PlanField Mother = new("mother", "mother_nhs_number");
}

/// <summary>The fields of a person, of whom a plan can name two: its subject and a child's mother.</summary>
internal sealed record PersonFields(string Json, string ColumnPrefix)
{
    public static readonly PersonFields Subject = new("subject", "");
    public static readonly PersonFields Mother = new("mother", "mother_");

    /// <summary>Of the body of a look-up, which has one name.</summary>
    public static readonly PersonFields Traits = new("traits", "")
    {
        FamilyName = new("traits.familyName", "family_name"),
        GivenNames = new("traits.givenNames", "given_names"),
        Postcode = new("traits.postcode", "postcode"),
        Phones = new("traits.phone", "phones"),
    };

    public PlanField Person { get; } = new(Json, ColumnPrefix + "nhs_number");
    public PlanField IdentifierState { get; } = new(Json + ".identifier.state", ColumnPrefix + "identifier_state");
    public PlanField NhsNumber { get; } = new(Json + ".identifier.nhsNumber", ColumnPrefix + "nhs_number");
    public PlanField FamilyName { get; init; } = new(Json + ".names", ColumnPrefix + "family_name");
    public PlanField GivenNames { get; init; } = new(Json + ".names", ColumnPrefix + "given_names");
    public PlanField FormerNames { get; } = new(Json + ".names", ColumnPrefix + "former_names");
    public PlanField OtherNames { get; } = new(Json + ".names", ColumnPrefix + "other_names");
    public PlanField BirthDate { get; } = new(Json + ".birthDate", ColumnPrefix + "birth_date");
    public PlanField Sex { get; } = new(Json + ".sex", ColumnPrefix + "sex");
    public PlanField Postcode { get; init; } = new(Json + ".postcodes", ColumnPrefix + "postcode");
    public PlanField FormerPostcodes { get; } = new(Json + ".postcodes", ColumnPrefix + "former_postcodes");
    public PlanField Phones { get; init; } = new(Json + ".phones", ColumnPrefix + "phones");
}
