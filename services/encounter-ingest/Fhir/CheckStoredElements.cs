using Safeguarding.Hosting;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// Holds what the hub keeps against FHIR R4: names, types, repeats, harmless text. What it throws away is not looked
/// at, because an encounter must not be lost for a fault in a part that nobody will read.
/// </summary>
internal static class CheckStoredElements
{
    /// <summary>Elements, by the resource they belong to, that are read on; all their parts are checked.</summary>
    private static readonly Dictionary<string, HashSet<string>> Kept = new(StringComparer.Ordinal)
    {
        ["Encounter"] =
        [
            "id",
            "meta",
            "identifier",
            "status",
            "class",
            "type",
            "serviceType",
            "subject",
            "period",
            "hospitalization",
            "location",
            "serviceProvider",
        ],
        ["Patient"] = ["id", "identifier", "name", "telecom", "gender", "birthDate", "address", "contact"],
        ["RelatedPerson"] = ["id", "patient", "relationship", "identifier", "name", "telecom", "birthDate", "address"],
        ["Flag"] = ["id", "status", "category", "code", "subject"],
        ["Location"] = ["id", "identifier"],
        ["Organization"] = ["id", "identifier"],
        ["Bundle"] = ["type"],
        ["MessageHeader"] = ["id", "focus"],
        ["Parameters"] = [],
    };

    public static void Resource(FhirElement resource, bool fromXml, Issues issues)
    {
        if (!Kept.TryGetValue(resource.ResourceType!, out var kept))
            return;
        var type = R4.Type(resource.ResourceType!)!;
        foreach (var element in resource.Children)
        {
            if (element.Name == "resourceType" && !fromXml)
                continue;
            var definition = type.Element(element.Name);
            if (definition is null)
                issues.Refuse(IssueKind.ElementUnknown, element);
            else if (element.Name == "modifierExtension" && !element.IsEmpty)
                issues.Refuse(IssueKind.ModifierExtensionUnknown, element);
            else if (element.Name == "implicitRules" && !element.IsEmpty)
                issues.Refuse(IssueKind.ImplicitRulesUnknown, element);
            else if (kept.Contains(element.Name))
                Element(element, definition, fromXml, issues);
        }
    }

    private static void Element(FhirElement element, R4.ElementDefinition definition, bool fromXml, Issues issues)
    {
        if (element.IsEmpty)
        {
            issues.Warn(IssueKind.ElementEmpty, element);
            return;
        }

        if (fromXml)
            element.InList = definition.IsList;
        if (element.InList != definition.IsList || !FitsShape(element, definition, fromXml))
        {
            issues.Refuse(IssueKind.ElementTypeWrong, element);
            return;
        }

        if (!definition.IsList && !ReferenceEquals(element.Parent!.Child(element.Name), element))
            issues.Refuse(IssueKind.ElementRepeated, element);
        if (element.Value is { } text)
        {
            if (!TextProfile.Message.Allows(text))
                issues.Refuse(IssueKind.TextNotAllowed, element);
            else if (text.Length > Limits.StoredText)
                issues.Refuse(IssueKind.TextTooLong, element);
        }

        Parts(element, definition, fromXml, issues);
    }

    private static void Parts(FhirElement element, R4.ElementDefinition definition, bool fromXml, Issues issues)
    {
        if (element.Children.Count == 0)
            return;
        var type = R4.Type(definition.Type)!;
        foreach (var part in element.Children)
        {
            // Extensions are looked up by their address where one is known; the others are thrown away.
            if (part.Name == "extension")
                continue;
            if (type.Element(part.Name) is not { } partDefinition || (definition.IsPrimitive && part.Name != "id"))
                issues.Refuse(IssueKind.ElementUnknown, part);
            else if (part.Name == "modifierExtension")
                issues.Refuse(IssueKind.ModifierExtensionUnknown, part);
            else if (!IsThrownAway(definition.Type, part.Name))
                Element(part, partDefinition, fromXml, issues);
        }
    }

    // Inside kept types, texts that are for people: long and free, and read by nobody here.
    private static bool IsThrownAway(string type, string part) =>
        (type, part) switch
        {
            ("Meta", not "lastUpdated") => true,


            ("CodeableConcept", "text")
            or
            ("Coding", "display" or "version" or "userSelected")
            or ("Reference", "display") => true,
            ("Address", "text" or "line" or "city" or "district" or "state") => true,
            ("Identifier", "assigner" or "type") => true,
            ("Encounter.hospitalization", not "dischargeDisposition") => true,
            ("ContactPoint", "rank") => true,
            _ => false,
        };

    private static bool FitsShape(FhirElement element, R4.ElementDefinition definition, bool fromXml)
    {
        if (!definition.IsPrimitive)
            return element.Shape == ElementShape.Complex && element.Value is null;
        return element.Value is null
            || fromXml
            || element.Shape
                == definition.Type switch
                {
                    "boolean" => ElementShape.Boolean,
                    "integer" or "decimal" or "positiveInt" or "unsignedInt" => ElementShape.Number,
                    _ => ElementShape.Text,
                };
    }
}
