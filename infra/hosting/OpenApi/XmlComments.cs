using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Safeguarding.Hosting.OpenApi;

/// <summary>
/// What the XML comments of a service say of its types and their properties. ASP.NET Core reads those of the project
/// alone that calls AddOpenApi, which is this one and no service's.
/// </summary>
internal static partial class XmlComments
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, string>> Files = new();

    /// <summary>The summary of a type; null where it has none.</summary>
    public static string? Summary(Type type) => Find(type, $"T:{NameOf(type)}");

    /// <summary>The summary of a property; null where it has none.</summary>
    public static string? Summary(PropertyInfo property) =>
        Find(property.DeclaringType!, $"P:{NameOf(property.DeclaringType!)}.{property.Name}");

    private static string? Find(Type type, string member) =>
        Files.GetOrAdd(type.Assembly, Read).GetValueOrDefault(member);

    private static string NameOf(Type type) =>
        (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static Dictionary<string, string> Read(Assembly assembly)
    {
        // A program in one file has its comments beside it, too.
        var path = Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml");
        return !File.Exists(path)
            ? []
            : XDocument
                .Load(path)
                .Descendants("member")
                .Where(member => member.Element("summary") is not null)
                .ToDictionary(member => member.Attribute("name")!.Value, member => TextOf(member.Element("summary")!));
    }

    private static string TextOf(XElement element)
    {
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            text.Append(
                node switch
                {
                    XText plain => plain.Value,
                    XElement { Name.LocalName: "see" } see => see.Attribute("langword")?.Value
                        ?? see.Attribute("href")?.Value
                        ?? see.Attribute("cref")?.Value.Split('.', '(')[^1],
                    XElement { Name.LocalName: "paramref" } parameter => parameter.Attribute("name")?.Value,
                    XElement inner => TextOf(inner),
                    _ => "",
                }
            );
        }

        return Spaces().Replace(text.ToString(), " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
