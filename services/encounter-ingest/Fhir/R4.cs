using System.Collections.Concurrent;
using Hl7.Fhir.Introspection;
using Hl7.Fhir.Model;
using Hl7.Fhir.Specification;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// What FHIR R4 says of an element: its type, and whether it repeats. Asked from Firely's model, so that
/// nothing is typed out here.
/// </summary>
internal static class R4
{
    private static readonly ConcurrentDictionary<string, TypeDefinition?> Types = new(StringComparer.Ordinal);

    /// <summary>
    /// The definition of a resource, a data type or a part such as <c>Patient.contact</c>; null where R4 has
    /// none.
    /// </summary>
    public static TypeDefinition? Type(string name) =>
        Types.TryGetValue(name, out var known) ? known
        : ModelInfo.ModelInspector.FindClassMapping(name) is { } mapping
            ? Types.GetOrAdd(name, TypeDefinition.Of(mapping))
        : null;

    internal sealed record ElementDefinition(string Type, bool IsList, bool IsPrimitive, bool IsResource);

    internal sealed class TypeDefinition
    {
        private readonly Dictionary<string, ElementDefinition> _elements = new(StringComparer.Ordinal);

        public ElementDefinition? Element(string name) => _elements.GetValueOrDefault(name);

        public static TypeDefinition Of(ClassMapping mapping)
        {
            var type = new TypeDefinition();
            foreach (var property in mapping.PropertyMappings)
            {
                if (property.Choice != ChoiceType.DatatypeChoice)
                {
                    type._elements[property.Name] = Define(property, property.PropertyTypeMapping);
                    continue;
                }

                // deceased[x] is sent as deceasedBoolean or deceasedDateTime; an open choice (extensions' value[x]) as
                // any data type.
                foreach (var choice in ChoicesOf(property))
                {
                    type._elements[property.Name + char.ToUpperInvariant(choice.Name[0]) + choice.Name[1..]] = Define(
                        property,
                        choice
                    );
                }
            }

            return type;
        }

        private static ElementDefinition Define(PropertyMapping property, ClassMapping type) =>
            new(type.Name, property.IsCollection, type.IsFhirPrimitive, property.Choice == ChoiceType.ResourceChoice);

        private static IEnumerable<ClassMapping> ChoicesOf(PropertyMapping property) =>
            property.FhirType is [{ } only] && only == typeof(DataType)
                ? ModelInfo.ModelInspector.ClassMappings.Where(type =>
                    typeof(DataType).IsAssignableFrom(type.NativeType) && !type.NativeType.IsAbstract
                )
                : property.FhirType.Select(ModelInfo.ModelInspector.FindClassMapping).OfType<ClassMapping>();
    }
}
