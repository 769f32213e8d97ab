using Safeguarding.Contracts;
using Safeguarding.Contracts.Persons;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>Whom an encounter is about, as read.</summary>
/// <param name="Traits">What matching uses.</param>
/// <param name="Reference">Encounter.subject.</param>
/// <param name="Resources">Every Patient that has been replaced, and at the end the Patient; empty where an identifier
/// stood in for one.</param>
/// <param name="Numbers">The patient's NHS number, and those that a merge took away.</param>
internal sealed record Subject(
    PersonTraits Traits,
    FhirElement Reference,
    IReadOnlyList<FhirElement> Resources,
    IReadOnlySet<NhsNumber> Numbers
)
{
    /// <summary>
    /// Whether another element's reference is to this patient: to the same resource, by the same address, or by the
    /// same NHS number. What cannot be decided is not the same.
    /// </summary>
    public bool IsMeantBy(FhirElement? reference, FhirDocument document, DateTimeOffset now)
    {
        if (reference is null)
            return false;
        var meant = document.PatientOf(reference, now);
        if (meant.Number is { } number && Numbers.Count > 0)
            return Numbers.Contains(number);
        return meant.Resource is not null
            ? Resources.Contains(meant.Resource)
            : meant.Address is not null && meant.Address == document.PatientOf(Reference, now).Address;
    }

    public override string ToString() => nameof(Subject);
}

/// <summary>
/// Reads whom the encounter is about: a Patient in the document, or an identifier that stands in for
/// one.
/// </summary>
internal static class ReadSubject
{
    private const int MostMerges = 10;

    public static Subject? Read(FhirElement encounter, FhirDocument document, DateTimeOffset now, Issues issues)
    {
        var contained = encounter.All("contained").Where(resource => resource.ResourceType == "Patient").ToList();
        if (contained.Count > 1 && !contained.Exists(patient => patient.Child("link") is not null))
        {
            issues.Refuse(IssueKind.SeveralPatients, $"{encounter.Path}.contained");
            return null;
        }

        if (encounter.Child("subject") is not { } subject)
        {
            issues.Refuse(IssueKind.SubjectMissing, $"{encounter.Path}.subject");
            return null;
        }

        if (!MayBePatient(subject))
        {
            issues.Refuse(IssueKind.SubjectNotPatient, subject);
            return null;
        }

        var (patient, problem) = document.Resolve(subject);
        if (patient is not null and not { ResourceType: "Patient" })
        {
            issues.Refuse(IssueKind.SubjectNotPatient, subject.Child("reference"));
            return null;
        }

        if (problem is not null && !CanStandIn(subject, problem, issues))
            return null;
        if (patient is null && !FhirDocument.Identifiers(subject).Any())
        {
            issues.Refuse(IssueKind.SubjectUnresolved, subject);
            return null;
        }

        // Its own issues, so that a fault elsewhere does not hide those of the patient.
        var own = new Issues();
        var records = patient is null ? [] : Merged(patient, contained, document, own);
        if (contained.Count > 1 && contained.Exists(other => !records.Contains(other)))
            own.Refuse(IssueKind.SeveralPatients, $"{encounter.Path}.contained");
        foreach (var record in records)
            document.Check(record, own);
        var read = own.Refused ? null : Person(subject, records, now, own);
        if (read is not null && records is [.., var survivor])
        {
            read = read with
            {
                Traits = read.Traits with { Mother = ReadMother.Read(read, survivor, encounter, document, now, own) },
            };
        }

        if (read is not null && !own.Refused)
            RequireSomebody(read, own);
        issues.AddAll(own);
        return own.Refused ? null : read;
    }

    // What stands beside a reference that leads nowhere may say who it is; a reference that leads to two children is
    // never guessed at.
    private static bool CanStandIn(FhirElement subject, IssueKind problem, Issues issues)
    {
        var reference = subject.Child("reference");
        var standsIn =
            problem != IssueKind.ReferenceAmbiguous
            && FhirDocument.Identifiers(subject).Any(identifier => ReadNhsNumber.IsOne(identifier));
        if (!standsIn)
        {
            issues.Refuse(
                problem == IssueKind.ReferenceUnresolved ? IssueKind.SubjectUnresolved : problem,
                problem == IssueKind.ReferenceUnresolved ? subject : reference
            );
        }
        else if (problem != IssueKind.ReferenceConditional)
        {
            issues.Warn(problem, reference!);
        }

        return standsIn;
    }

    /// <summary>The Patient and, at the end, the one that it was merged into, as far as the document says.</summary>
    private static List<FhirElement> Merged(
        FhirElement patient,
        IReadOnlyList<FhirElement> contained,
        FhirDocument document,
        Issues issues
    )
    {
        var records = new List<FhirElement> { patient };
        while (records.Count <= MostMerges)
        {
            var record = records[^1];
            var forward = record.All("link").Where(link => link.Text("type") == "replaced-by").ToList();
            var led = forward.ConvertAll(link => document.Resolve(link.Child("other")));
            if (led.FindIndex(one => one.Problem == IssueKind.ReferenceAmbiguous) is >= 0 and var at)
            {
                issues.Refuse(IssueKind.ReferenceAmbiguous, forward[at]);
                return records;
            }

            var survivors = led.Select(one => one.Resource)
                .Concat(
                    contained.Where(other =>
                        other
                            .All("link")
                            .Any(link =>
                                link.Text("type") == "replaces"
                                && document.Resolve(link.Child("other")).Resource == record
                            )
                    )
                )
                .Concat(document.Survivors(record))
                .OfType<FhirElement>()
                .Where(other => other.ResourceType == "Patient")
                .Distinct()
                .ToList();
            if (survivors.Count == 0)
            {
                if (forward.Count > 0)
                    issues.Warn(IssueKind.MergeNotFollowed, forward[0]);
                return records;
            }

            if (survivors.Count > 1)
                issues.Refuse(IssueKind.ReferenceAmbiguous, $"{record.Path}.link");
            else if (records.Contains(survivors[0]))
                issues.Warn(IssueKind.MergeNotFollowed, record);
            if (survivors.Count > 1 || records.Contains(survivors[0]))
                return records;
            records.Add(survivors[0]);
        }

        return records;
    }

    private static Subject Person(FhirElement subject, List<FhirElement> records, DateTimeOffset now, Issues issues)
    {
        if (records is not [.. var replaced, var survivor])
        {
            var own = FhirDocument.Identifiers(subject).ToList();
            var standsIn = ReadNhsNumber.Read(own, now, issues) ?? new PersonIdentifier.Unknown();
            var stated = new PersonTraits
            {
                Identifier = standsIn,
                NumberStatus = ReadNhsNumber.StatusOf(standsIn.NhsNumber, own, now, issues),
            };
            return new Subject(stated, subject, [], Numbers(standsIn.NhsNumber));
        }

        // A number that the merge took away is not a second number, wherever it still stands.
        var former = replaced
            .Select(record => ReadNhsNumber.Only(record.All("identifier"), now))
            .OfType<NhsNumber>()
            .ToList();
        var beside = FhirDocument
            .Identifiers(subject)
            .Where(identifier => ReadNhsNumber.Valid(identifier) is not { } number || !former.Contains(number));
        var identifiers = survivor.All("identifier").Concat(beside).ToList();
        var identifier = ReadNhsNumber.Read(identifiers, now, issues);
        if (identifier is null && former is [.., var only] && !records.Exists(IsRestricted))
            identifier = new PersonIdentifier.Known(only);
        var traits = ReadPerson.Read(survivor, identifier, now, issues) with
        {
            NumberStatus = ReadNhsNumber.StatusOf(identifier?.NhsNumber, identifiers, now, issues),
        };
        return new Subject(traits, subject, records, Numbers([.. former, traits.Identifier.NhsNumber]));
    }

    private static HashSet<NhsNumber> Numbers(params NhsNumber?[] numbers) => [.. numbers.OfType<NhsNumber>()];

    // As with changes of numbers: of a restricted record none is followed without a person.
    private static bool IsRestricted(FhirElement patient) =>
        patient.Child("meta")?.All("security").Any(label => label.Text("code") is "R" or "V") == true;

    private static void RequireSomebody(Subject subject, Issues issues)
    {
        var traits = subject.Traits;
        if (
            traits.Identifier is not PersonIdentifier.Unknown
            || traits.Names.Count > 0
            || traits.BirthDate is not null
            || traits.Postcodes.Count > 0
            || traits.Mother is not null
        )
        {
            return;
        }

        var patient = subject.Resources is [.., var last] ? last : null;
        var number = (patient?.All("identifier") ?? [])
            .Concat(FhirDocument.Identifiers(subject.Reference))
            .FirstOrDefault(ReadNhsNumber.IsOne);
        if (number is null)
        {
            issues.Refuse(
                IssueKind.PatientUnidentified,
                patient ?? FhirDocument.Identifiers(subject.Reference).First()
            );
        }
        else if (number.Text("value") is not null)
        {
            issues.Refuse(IssueKind.NhsNumberInvalid, ReadNhsNumber.ValueOf(number));
        }
        else if (!ReadNhsNumber.SaysWhy(number))
        {
            issues.Refuse(IssueKind.NhsNumberEmpty, number);
        }
    }

    private static bool MayBePatient(FhirElement subject)
    {
        if (subject.Text("type") is { } type && type != "Patient")
            return false;
        if (
            subject.Text("reference") is not { } reference
            || reference.StartsWith('#')
            || reference.StartsWith("urn:", StringComparison.OrdinalIgnoreCase)
        )
        {
            return true;
        }
        // Group/1, https://host/fhir/Group/1, Group?identifier=…: an address says its type; a urn and a fragment do
        // not.
        var (url, _) = RestfulUrl.WithoutVersion(reference);
        var end = url.IndexOf('?', StringComparison.Ordinal);
        var parts = (end < 0 ? url : url[..end]).Split('/');
        var named =
            end >= 0 ? parts[^1]
            : parts is [.., var typeName, _] ? typeName
            : "Patient";
        return named == "Patient" || !(named.Length > 0 && char.IsAsciiLetterUpper(named[0]));
    }
}
