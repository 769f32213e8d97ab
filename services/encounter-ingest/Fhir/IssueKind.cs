using System.Reflection;
using static Hl7.Fhir.Model.OperationOutcome;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// A reason that the hub can give, with its stable code. The whole list is a contract with the senders: README.md
/// prints it, and a test compares. Its status is 200 where it is only ever a warning.
/// </summary>
internal sealed record IssueKind(string Code, IssueType Type, int Status, string Text)
{
    private const string Host = "https://safeguarding-hub.uk/fhir/";
    public const string System = $"{Host}CodeSystem/encounter-ingest-issue";

    /// <summary>A canonical address of the hub's.</summary>
    public static string Canonical(string path) => Host + path;

    // The body as such
    public static readonly IssueKind BodyTooLarge = new(
        "body-too-large",
        IssueType.TooLong,
        413,
        "The request body is too large."
    );
    public static readonly IssueKind BodyEmpty = new("body-empty", IssueType.Structure, 400, "The body is empty.");
    public static readonly IssueKind MediaTypeUnsupported = new(
        "media-type-unsupported",
        IssueType.NotSupported,
        415,
        "Send application/fhir+json or application/fhir+xml (FHIR R4), in UTF-8, plain or gzip."
    );
    public static readonly IssueKind NotAcceptable = new(
        "not-acceptable",
        IssueType.NotSupported,
        406,
        "Answers are application/fhir+json or application/fhir+xml."
    );
    public static readonly IssueKind GzipMalformed = new(
        "gzip-malformed",
        IssueType.Structure,
        400,
        "The body is not what its Content-Encoding says."
    );
    public static readonly IssueKind JsonMalformed = new(
        "json-malformed",
        IssueType.Structure,
        400,
        "The body is not well-formed JSON."
    );
    public static readonly IssueKind XmlMalformed = new(
        "xml-malformed",
        IssueType.Structure,
        400,
        "The body is not well-formed FHIR XML."
    );
    public static readonly IssueKind XmlDtd = new(
        "xml-dtd",
        IssueType.Security,
        400,
        "A document type declaration is never read."
    );
    public static readonly IssueKind XmlNamespace = new(
        "xml-namespace",
        IssueType.Structure,
        400,
        "Elements of FHIR are in the namespace http://hl7.org/fhir."
    );
    public static readonly IssueKind TextNotUnicode = new(
        "text-not-unicode",
        IssueType.Structure,
        400,
        "A text holds half a surrogate pair or bytes that are not UTF-8."
    );
    public static readonly IssueKind TooDeep = new(
        "too-deep",
        IssueType.TooCostly,
        400,
        "The document is nested too deeply."
    );
    public static readonly IssueKind TooManyElements = new(
        "too-many-elements",
        IssueType.TooCostly,
        400,
        "The document has too many elements, or one object or array has."
    );
    public static readonly IssueKind DuplicateKey = new(
        "duplicate-key",
        IssueType.Structure,
        400,
        "An object has the same property twice."
    );

    // Its shape
    public static readonly IssueKind ResourceTypeMissing = new(
        "resource-type-missing",
        IssueType.Structure,
        400,
        "resourceType is missing or is not a text."
    );
    public static readonly IssueKind ResourceTypeWrong = new(
        "resource-type-wrong",
        IssueType.Invalid,
        400,
        "This address takes another resource type."
    );
    public static readonly IssueKind ElementUnknown = new(
        "element-unknown",
        IssueType.Structure,
        400,
        "FHIR R4 has no such element here."
    );
    public static readonly IssueKind ElementTypeWrong = new(
        "element-type-wrong",
        IssueType.Structure,
        400,
        "By FHIR R4 this element has another JSON type, or is (or is not) an array."
    );
    public static readonly IssueKind ElementRepeated = new(
        "element-repeated",
        IssueType.Structure,
        400,
        "By FHIR R4 this element may occur once."
    );
    public static readonly IssueKind ElementEmpty = new(
        "element-empty",
        IssueType.Invalid,
        200,
        "An empty element was read as absent."
    );
    public static readonly IssueKind ModifierExtensionUnknown = new(
        "modifier-extension-unknown",
        IssueType.Extension,
        422,
        "A modifierExtension may change the meaning of the rest, and this one is not known here."
    );
    public static readonly IssueKind ImplicitRulesUnknown = new(
        "implicit-rules-unknown",
        IssueType.NotSupported,
        422,
        "implicitRules may change the meaning of the rest, and these are not known here."
    );
    public static readonly IssueKind TextNotAllowed = new(
        "text-not-allowed",
        IssueType.Invalid,
        422,
        "A kept text holds control characters, bidirectional overrides, or stacks of combining marks."
    );
    public static readonly IssueKind TextTooLong = new(
        "text-too-long",
        IssueType.TooLong,
        422,
        "A kept text is longer than any real one."
    );
    public static readonly IssueKind RepeatsPassedOver = new(
        "repeats-passed-over",
        IssueType.Informational,
        200,
        "Only the first ten are kept."
    );

    // The encounter
    public static readonly IssueKind IdentifierMissing = new(
        "encounter-identifier-missing",
        IssueType.Required,
        422,
        "Encounter.identifier with system and value is missing: it is used to recognise duplicates."
    );
    public static readonly IssueKind IdentifierMismatch = new(
        "encounter-identifier-mismatch",
        IssueType.Invariant,
        422,
        "The identifier that was asked for is not one of the encounter's."
    );
    public static readonly IssueKind IdentifierChanged = new(
        "encounter-identifier-changed",
        IssueType.BusinessRule,
        422,
        "An encounter keeps its identifier; another identifier is another encounter."
    );
    public static readonly IssueKind IdentifiersConflict = new(
        "encounter-identifiers-conflict",
        IssueType.Conflict,
        409,
        "The identifiers are those of several encounters. Send the identifiers of one, or mark the encounter's own "
            + "number with use official."
    );
    public static readonly IssueKind IdMismatch = new(
        "id-mismatch",
        IssueType.Invariant,
        400,
        "Encounter.id must be the id of the address."
    );
    public static readonly IssueKind StatusMissing = new(
        "status-missing",
        IssueType.Required,
        422,
        "Encounter.status is missing."
    );
    public static readonly IssueKind CodeUnknown = new(
        "code-unknown",
        IssueType.CodeInvalid,
        422,
        "FHIR R4 does not have this code in the value set of the element."
    );
    public static readonly IssueKind ClassMissing = new(
        "class-missing",
        IssueType.Required,
        200,
        "Encounter.class is missing; the encounter counts as unscheduled unless another field says otherwise."
    );
    public static readonly IssueKind DateTimeInvalid = new(
        "date-time-invalid",
        IssueType.Value,
        422,
        "Not a FHIR date or dateTime that exists."
    );
    public static readonly IssueKind DateTimeWithoutZone = new(
        "date-time-without-zone",
        IssueType.Value,
        422,
        "A time needs its offset from UTC, such as +01:00 or Z."
    );
    public static readonly IssueKind DateTimeWithoutSeconds = new(
        "date-time-without-seconds",
        IssueType.Value,
        422,
        "A time needs its seconds, such as 10:15:00."
    );
    public static readonly IssueKind DateTimePartial = new(
        "date-time-partial",
        IssueType.Value,
        200,
        "A date without its day cannot be used and was read as absent."
    );
    public static readonly IssueKind PeriodEndBeforeStart = new(
        "period-end-before-start",
        IssueType.Invariant,
        422,
        "The encounter ends before it starts."
    );
    public static readonly IssueKind EncounterInFuture = new(
        "encounter-in-future",
        IssueType.BusinessRule,
        422,
        "The encounter starts further in the future than its status allows."
    );
    public static readonly IssueKind EncounterTooEarly = new(
        "encounter-too-early",
        IssueType.BusinessRule,
        422,
        "The encounter is before 1900."
    );
    public static readonly IssueKind LastUpdatedInFuture = new(
        "last-updated-in-future",
        IssueType.BusinessRule,
        200,
        "meta.lastUpdated is in the future and was not used; versions go by order of arrival."
    );
    public static readonly IssueKind OlderVersion = new(
        "older-version",
        IssueType.Conflict,
        200,
        "A later version is already held; this one changed nothing."
    );

    // Who it is about
    public static readonly IssueKind SubjectMissing = new(
        "subject-missing",
        IssueType.Required,
        422,
        "Encounter.subject is missing."
    );
    public static readonly IssueKind SubjectNotPatient = new(
        "subject-not-patient",
        IssueType.BusinessRule,
        422,
        "Encounter.subject must be one Patient, not a Group or anything else."
    );
    public static readonly IssueKind SubjectUnresolved = new(
        "subject-unresolved",
        IssueType.NotFound,
        422,
        "The Patient is neither contained nor in this Bundle, and subject.identifier does not stand in with an NHS "
            + "number. References are never fetched."
    );
    public static readonly IssueKind ReferenceUnresolved = new(
        "reference-unresolved",
        IssueType.NotFound,
        422,
        "The reference is to nothing in this document. References are never fetched."
    );
    public static readonly IssueKind ReferenceAmbiguous = new(
        "reference-ambiguous",
        IssueType.MultipleMatches,
        422,
        "The reference fits several resources of this document: give entries a fullUrl, and refer to it."
    );
    public static readonly IssueKind ReferenceWithoutHash = new(
        "reference-without-hash",
        IssueType.Value,
        422,
        "The resource is contained: the reference to a contained resource must be # and its id."
    );
    public static readonly IssueKind ReferenceConditional = new(
        "reference-conditional",
        IssueType.NotSupported,
        422,
        "A conditional reference is followed only to an identifier=system|value of an entry of this Bundle, or "
            + "where that identifier is an NHS number or ODS code."
    );
    public static readonly IssueKind MergeNotFollowed = new(
        "merge-not-followed",
        IssueType.NotFound,
        200,
        "The Patient has been replaced by one that is not in this document; the replaced one was used."
    );
    public static readonly IssueKind SeveralPatients = new(
        "several-patients",
        IssueType.BusinessRule,
        422,
        "An encounter is of one Patient."
    );
    public static readonly IssueKind PatientUnidentified = new(
        "patient-unidentified",
        IssueType.Required,
        422,
        "Nothing says who the patient is: send an NHS number, a name, a birth date or an address, or why the number "
            + "is absent."
    );
    public static readonly IssueKind NhsNumberInvalid = new(
        "nhs-number-invalid",
        IssueType.Value,
        422,
        "Not an NHS number: ten digits of which the last checks the others (Modulus 11)."
    );
    public static readonly IssueKind NhsNumberEmpty = new(
        "nhs-number-empty",
        IssueType.Required,
        422,
        "An NHS number without a value must say why by data-absent-reason (unknown, masked, asked-declined)."
    );
    public static readonly IssueKind NhsNumberConflict = new(
        "nhs-number-conflict",
        IssueType.Conflict,
        422,
        "Two different NHS numbers for one patient."
    );
    public static readonly IssueKind NhsNumberPassedOver = new(
        "nhs-number-passed-over",
        IssueType.Value,
        200,
        "The NHS number is empty or not valid, or another one has better standing. It was not used; the patient is "
            + "matched without it."
    );
    public static readonly IssueKind NhsNumberSystemUnknown = new(
        "nhs-number-system-unknown",
        IssueType.Value,
        200,
        "This may be an NHS number, but its system is not known, so it was not used. Send system "
            + "https://fhir.nhs.uk/Id/nhs-number."
    );
    public static readonly IssueKind NhsNumberStatusUnknown = new(
        "nhs-number-status-unknown",
        IssueType.CodeInvalid,
        200,
        "Not a code of NHS number verification status (01 to 08), or different ones for one number. The number was "
            + "used as one whose status is not stated."
    );
    public static readonly IssueKind BirthDateInvalid = new(
        "birth-date-invalid",
        IssueType.Value,
        422,
        "Not a FHIR date that exists."
    );
    public static readonly IssueKind BirthDateInFuture = new(
        "birth-date-in-future",
        IssueType.BusinessRule,
        422,
        "The birth date is in the future."
    );
    public static readonly IssueKind BirthDateTooEarly = new(
        "birth-date-too-early",
        IssueType.BusinessRule,
        422,
        "The birth date is before 1900."
    );
    public static readonly IssueKind MotherPassedOver = new(
        "mother-passed-over",
        IssueType.Value,
        200,
        "Something of the mother is not valid, or her RelatedPerson.patient is not this patient. It was not kept."
    );
    public static readonly IssueKind ConcernPassedOver = new(
        "concern-passed-over",
        IssueType.CodeInvalid,
        200,
        "A safeguarding concern has no usable code, or its Flag.subject is not this patient. It was not kept."
    );

    // Where
    public static readonly IssueKind OrganisationDiffers = new(
        "organisation-differs",
        IssueType.BusinessRule,
        200,
        "serviceProvider names another organisation than the access token; the token's is used."
    );
    public static readonly IssueKind OdsCodeInvalid = new(
        "ods-code-invalid",
        IssueType.Value,
        200,
        "Not an ODS code: 3 to 12 letters and digits."
    );
    public static readonly IssueKind SiteUnknown = new(
        "site-unknown",
        IssueType.NotFound,
        200,
        "No ODS site code was found in location or serviceProvider, so the site and its setting are not known."
    );
    public static readonly IssueKind SiteNotInOds = new(
        "site-not-in-ods",
        IssueType.NotFound,
        200,
        "You have not registered this site, and the published ODS file has no place of care with its code: check it for a "
            + "typing mistake."
    );
    public static readonly IssueKind SiteOfAnother = new(
        "site-of-another",
        IssueType.BusinessRule,
        200,
        "You have not registered this site, and ODS says that another organisation operates it."
    );
    public static readonly IssueKind SiteClosed = new(
        "site-closed",
        IssueType.BusinessRule,
        200,
        "You have not registered this site, and ODS says that it is closed."
    );

    // Bundles and messages
    public static readonly IssueKind BundleTypeWrong = new(
        "bundle-type-wrong",
        IssueType.NotSupported,
        422,
        "This address takes another type of Bundle: transactions go to /fhir, messages and notifications to "
            + "/fhir/$process-message."
    );
    public static readonly IssueKind EncounterMissing = new(
        "encounter-missing",
        IssueType.Required,
        422,
        "The Bundle holds no Encounter. What it refers to is never fetched."
    );
    public static readonly IssueKind MessageHeaderMissing = new(
        "message-header-missing",
        IssueType.Required,
        422,
        "The first entry of a message is its MessageHeader."
    );
    public static readonly IssueKind EntryRequestUnsupported = new(
        "entry-request-unsupported",
        IssueType.NotSupported,
        422,
        "An entry of a transaction is POST or PUT, to the type of its resource."
    );
    public static readonly IssueKind FullUrlRepeated = new(
        "full-url-repeated",
        IssueType.Duplicate,
        422,
        "Two entries have the same fullUrl."
    );
    public static readonly IssueKind EncounterRepeated = new(
        "encounter-repeated",
        IssueType.Duplicate,
        422,
        "Two entries are the same encounter."
    );
    public static readonly IssueKind RefusedWithItsBundle = new(
        "refused-with-its-bundle",
        IssueType.Processing,
        422,
        "Another entry of the Bundle was refused, and with it this encounter. Seen at GET /refusals only."
    );
    public static readonly IssueKind NotKept = new(
        "not-kept",
        IssueType.Informational,
        200,
        "Read, and not kept as a resource."
    );

    // HL7 v2 over MLLP
    public static readonly IssueKind Hl7MessageTypeUnsupported = new(
        "hl7-message-type-unsupported",
        IssueType.NotSupported,
        422,
        "MSH-9 and EVN-1 name no trigger event, or the sender's profile refuses messages that are not ADT."
    );
    public static readonly IssueKind Hl7BatchUnsupported = new(
        "hl7-batch-unsupported",
        IssueType.NotSupported,
        422,
        "A file or batch (FHS, BHS) is not taken: send its messages one by one."
    );
    public static readonly IssueKind Hl7ControlIdMissing = new(
        "hl7-control-id-missing",
        IssueType.Required,
        422,
        "MSH-10 is empty, so no acknowledgement could name the message."
    );
    public static readonly IssueKind Hl7VersionUnsupported = new(
        "hl7-version-unsupported",
        IssueType.NotSupported,
        422,
        "MSH-12 is none of 2.1 to 2.8."
    );
    public static readonly IssueKind Hl7ProcessingIdUnsupported = new(
        "hl7-processing-id-unsupported",
        IssueType.NotSupported,
        422,
        "MSH-11 is none of those that the sender's profile takes, and it refuses others."
    );
    public static readonly IssueKind Hl7CharacterSetUnsupported = new(
        "hl7-character-set-unsupported",
        IssueType.NotSupported,
        422,
        "UTF-16 is not read. Send UTF-8, ISO 8859-1, ISO 8859-15 or Windows-1252."
    );
    public static readonly IssueKind Hl7SegmentMissing = new(
        "hl7-segment-missing",
        IssueType.Required,
        422,
        "A segment without which this event means nothing is missing."
    );

    // Conditions
    public static readonly IssueKind SearchUnsupported = new(
        "search-unsupported",
        IssueType.NotSupported,
        400,
        "The only search here is identifier=system|value, once, with both parts."
    );
    public static readonly IssueKind IfMatchMalformed = new(
        "if-match-malformed",
        IssueType.Value,
        400,
        "If-Match is a version such as W/\"3\"."
    );
    public static readonly IssueKind PreconditionFailed = new(
        "precondition-failed",
        IssueType.Conflict,
        412,
        "The encounter has another version than If-Match says, or does not exist."
    );
    public static readonly IssueKind NotFound = new(
        "not-found",
        IssueType.NotFound,
        404,
        "There is no such encounter."
    );
    public static readonly IssueKind Gone = new(
        "gone",
        IssueType.Deleted,
        410,
        "This encounter has been deleted under the retention policy."
    );
    public static readonly IssueKind InteractionUnsupported = new(
        "interaction-unsupported",
        IssueType.NotSupported,
        404,
        "This server does not do that; GET /fhir/metadata says what it does."
    );

    // The request itself
    public static readonly IssueKind RequestUnreadable = new(
        "request-unreadable",
        IssueType.Invalid,
        400,
        "The request is not one that this route takes."
    );
    public static readonly IssueKind SignInRequired = new(
        "sign-in-required",
        IssueType.Login,
        401,
        "A valid bearer token is needed."
    );
    public static readonly IssueKind NotAllowed = new(
        "not-allowed",
        IssueType.Forbidden,
        403,
        "The token does not allow this."
    );
    public static readonly IssueKind TooManyRequests = new(
        "too-many-requests",
        IssueType.Throttled,
        429,
        "Too many requests of this client. Nothing was stored; wait as Retry-After says, then send it again."
    );
    public static readonly IssueKind Busy = new(
        "busy",
        IssueType.Throttled,
        503,
        "Too many encounters are waiting. Nothing was stored; send it again."
    );
    public static readonly IssueKind Unavailable = new(
        "unavailable",
        IssueType.Transient,
        503,
        "The store cannot be reached, or it is not certain that the encounter was stored. Send it again: a repeat "
            + "does no harm."
    );
    public static readonly IssueKind Unexpected = new(
        "unexpected",
        IssueType.Exception,
        500,
        "An unexpected error in the hub."
    );
    public static readonly IssueKind Fine = new("fine", IssueType.Informational, 200, "No issues found.");

    /// <summary>All of them, in the order of their declaration.</summary>
    public static IReadOnlyList<IssueKind> All { get; } =
    [
        .. typeof(IssueKind)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => field.GetValue(null))
            .OfType<IssueKind>(),
    ];
}
