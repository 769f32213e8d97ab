using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Safeguarding.Portal.TagHelpers;
using Safeguarding.TestKit;

namespace Safeguarding.Portal.Tests;

/// <summary>
/// The portal's tag helpers beside the fixtures that govuk-frontend brings for each component: the same options must
/// give the same HTML. Ids and names are compared by the order in which they appear.
/// </summary>
public sealed partial class Tag_helpers
{
    private const string Page = "no page of the portal needs it";
    private const string Attributes = "pages have no attributes of their own";
    private const string Markup = "helpers take text, so that nothing is ever left unencoded";
    private const string Described = "a field is described by its own hint and error alone";
    private const string Grouped = "groups have no classes of their own";

    private static readonly Component[] s_components =
    [
        new(
            "button",
            options =>
                Written(
                    new ButtonTagHelper { Href = Text(options, "href"), Kind = Modifier(options, "govuk-button--") },
                    Text(options, "text")
                ),
            ["text", "href", "classes"],
            new()
            {
                ["attributes"] = Attributes,
                ["html"] = Markup,
                ["name"] = "a form of the portal has one button",
                ["value"] = "a form of the portal has one button",
                ["type"] = "a button of the portal sends its form",
                ["disabled"] = "a button that does nothing is not shown",
                ["isStartButton"] = Page,
                ["preventDoubleClick"] = "needs a script; what is sent twice is done once",
                ["id"] = Page,
            }
        )
        {
            Takes = options => options["classes"] is null || Modifier(options, "govuk-button--") is not null,
        },
        new(
            "tag",
            options => Written(new TagTagHelper { Colour = Modifier(options, "govuk-tag--") }, Text(options, "text")),
            ["text", "classes"],
            new() { ["attributes"] = Attributes, ["html"] = Markup }
        )
        {
            Takes = options => options["classes"] is null || Modifier(options, "govuk-tag--") is not null,
        },
        new(
            "input",
            options =>
                Written(
                    new InputTagHelper
                    {
                        For = Filled(options, Text(options, "value")),
                        Label = Text(options["label"], "text")!,
                        Hint = Text(options["hint"], "text"),
                        Width = Modifier(options, "govuk-input--width-") is { } width
                            ? int.Parse(width, CultureInfo.InvariantCulture)
                            : null,
                        ViewContext = Context(options),
                    }
                ),
            ["label.text", "hint.text", "errorMessage.text", "id", "name", "value", "classes"],
            new()
            {
                ["label"] = Page,
                ["prefix"] = Page,
                ["suffix"] = Page,
                ["inputWrapper"] = Page,
                ["type"] = Page,
                ["inputmode"] = "Digits says it",
                ["pattern"] = "the service says what is wrong, in words",
                ["autocapitalize"] = Page,
                ["autocomplete"] = "always off: nothing that is typed is kept by the browser",
                ["spellcheck"] = "always off: nothing that is typed goes to a spelling service",
                ["disabled"] = Page,
                ["describedBy"] = Described,
                ["attributes"] = Attributes,
                ["formGroup"] = Grouped,
            }
        )
        {
            Takes = options => options["classes"] is null || Modifier(options, "govuk-input--width-") is not null,
            Ours = [("input", "autocomplete"), ("input", "spellcheck")],
        },
        new(
            "textarea",
            options =>
                Written(
                    new TextareaTagHelper
                    {
                        For = Filled(options, Text(options, "value")),
                        Label = Text(options["label"], "text")!,
                        Hint = Text(options["hint"], "text"),
                        Rows = int.Parse(Text(options, "rows") ?? "5", CultureInfo.InvariantCulture),
                        ViewContext = Context(options),
                    }
                ),
            ["label.text", "hint.text", "errorMessage.text", "id", "name", "value", "rows"],
            new()
            {
                ["label"] = Page,
                ["classes"] = Page,
                ["autocomplete"] = "only with Code, where it is off",
                ["spellcheck"] = "only with Code, where it is off",
                ["describedBy"] = Described,
                ["attributes"] = Attributes,
                ["formGroup"] = Grouped,
            }
        )
        {
            OurClasses = ["govuk-label--m"],
        },
        new(
            "radios",
            options =>
                Written(
                    new RadiosTagHelper
                    {
                        For = Filled(
                            options,
                            Text(options, "value")
                                ?? Items(options)
                                    .Where(item => item["checked"]?.GetValue<bool>() == true)
                                    .Select(item => Text(item, "value"))
                                    .FirstOrDefault()
                        ),
                        Legend = Text(options["fieldset"]?["legend"], "text")!,
                        Heading = options["fieldset"]?["legend"]?["isPageHeading"]?.GetValue<bool>() == true,
                        Hint = Text(options["hint"], "text"),
                        Choices =
                        [
                            .. Items(options)
                                .Select(item => new Choice(
                                    Text(item, "value")!,
                                    Text(item, "text")!,
                                    Text(item["hint"], "text")
                                )),
                        ],
                        ViewContext = Context(options),
                    }
                ),
            [
                "idPrefix",
                "name",
                "value",
                "hint.text",
                "errorMessage.text",
                "fieldset.legend.text",
                "fieldset.legend.isPageHeading",
                "fieldset.legend.classes",
                "items[].text",
                "items[].value",
                "items[].id",
                "items[].checked",
                "items[].hint.text",
            ],
            new()
            {
                ["classes"] = Page,
                ["items[]"] = Page,
                ["formGroup"] = Grouped,
                ["attributes"] = Attributes,
                ["fieldset"] = Page,
            }
        )
        {
            // A question without a legend is none, and one that is the page's heading is large.
            Takes = options =>
                options["fieldset"]?["legend"]?["text"] is not null
                && (Text(options["fieldset"]!["legend"], "classes") == "govuk-fieldset__legend--l")
                    == (options["fieldset"]!["legend"]!["isPageHeading"]?.GetValue<bool>() == true),
            OurClasses = ["govuk-fieldset__legend--m"],
        },
        new(
            "date-input",
            options =>
                Written(
                    new DateTagHelper
                    {
                        For = Filled(options, null, Text(options, "id")),
                        Legend = Text(options["fieldset"]?["legend"], "text")!,
                        Hint = Text(options["hint"], "text"),
                        ViewContext = Context(options, Text(options, "id")),
                    }
                ),
            ["id", "namePrefix", "hint.text", "errorMessage.text", "fieldset.legend.text"],
            new()
            {
                ["day"] = "the three fields are always the same",
                ["month"] = "the three fields are always the same",
                ["year"] = "the three fields are always the same",
                ["items"] = "the three fields are always the same",
                ["values"] = "a page's test fills a date in",
                ["fieldset"] = Page,
                ["classes"] = Page,
                ["attributes"] = Attributes,
                ["formGroup"] = Grouped,
            }
        )
        {
            Takes = options => options["fieldset"]?["legend"]?["text"] is not null,
            Ours = [("input", "autocomplete")],
        },
        new(
            "error-summary",
            options =>
            {
                var context = Context(new JsonObject());
                foreach (var error in options["errorList"]!.AsArray())
                {
                    context.ModelState.AddModelError(Text(error, "href")?.TrimStart('#') ?? "", Text(error, "text")!);
                }

                return Written(new ErrorSummaryTagHelper { ViewContext = context });
            },
            ["titleText", "errorList[].href", "errorList[].text"],
            new()
            {
                ["descriptionText"] = Page,
                ["descriptionHtml"] = Markup,
                ["titleHtml"] = Markup,
                ["errorList[].html"] = Markup,
                ["errorList[].attributes"] = Attributes,
                ["classes"] = Page,
                ["attributes"] = Attributes,
                ["disableAutoFocus"] = "no script runs that could move the focus",
            }
        )
        {
            Takes = options =>
                options["errorList"] is JsonArray { Count: > 0 } && Text(options, "titleText") == "There is a problem",
        },
        new(
            "file-upload",
            options =>
                Written(
                    new FileUploadTagHelper
                    {
                        Name = Text(options, "id") ?? Text(options, "name")!,
                        Label = Text(options["label"], "text")!,
                        Hint = Text(options["hint"], "text"),
                        Accept = Text(options["attributes"], "accept"),
                        ViewContext = Context(options, Text(options, "id")),
                    }
                ),
            ["id", "name", "label.text", "hint.text", "errorMessage.text", "attributes.accept", "value"],
            new()
            {
                ["label"] = Page,
                ["javascript"] = "no script runs",
                ["multiple"] = "one file is sent at a time",
                ["disabled"] = Page,
                ["classes"] = Page,
                ["describedBy"] = Described,
                ["formGroup"] = Grouped,
                ["wrapper"] = "no script runs",
                ["dropInstructionText"] = "no script runs",
                ["chooseFilesButtonText"] = "no script runs",
                ["noFileChosenText"] = "no script runs",
                ["multipleFilesChosenText"] = "no script runs",
                ["enteredDropZoneText"] = "no script runs",
                ["leftDropZoneText"] = "no script runs",
            }
        )
        {
            OurClasses = ["govuk-label--m"],
        },
        new(
            "summary-list",
            options =>
                "<dl class=\"govuk-summary-list\">"
                + string.Concat(
                    options["rows"]!
                        .AsArray()
                        .Select(row =>
                            Written(
                                new SummaryRowTagHelper { Key = Text(row!["key"], "text")! },
                                Text(row["value"], "text"),
                                Text(row["value"], "html")
                            )
                        )
                )
                + "</dl>",
            ["rows[].key.text", "rows[].value.text", "rows[].value.html"],
            new()
            {
                ["rows[].actions"] = "a row of the portal is read and not changed",
                ["rows[].classes"] = Page,
                ["rows[].key.html"] = Markup,
                ["rows[].key.classes"] = Page,
                ["rows[].value.classes"] = Page,
                ["rows[]"] = Page,
                ["card"] = Page,
                ["classes"] = Page,
                ["attributes"] = Attributes,
            }
        ),
    ];

    public static TheoryData<string> Names => [.. s_components.Select(component => component.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_helper_writes_what_the_fixtures_of_its_component_have(string name)
    {
        var component = s_components.Single(one => one.Name == name);
        var compared = 0;
        var wrong = new List<string>();
        var used = new HashSet<string>();
        foreach (var fixture in Fixtures(name))
        {
            var options = fixture["options"]!.AsObject();
            var beyond = Paths(options, "").Where(path => !component.Options.Contains(path)).ToList();
            var reasons = beyond.ConvertAll(path =>
                component
                    .LeftOut.Keys.Where(key => path.StartsWith(key, StringComparison.Ordinal))
                    .MaxBy(key => key.Length)
            );
            used.UnionWith(reasons.OfType<string>());
            if (reasons.Contains(null))
                wrong.Add($"{fixture["name"]}: nobody says why {string.Join(", ", beyond)} is left out");
            if (beyond.Count > 0 || !component.Takes(options))
                continue;
            compared++;
            var (expected, ours) = (
                Canonical(fixture["html"]!.GetValue<string>()),
                Canonical(component.Write(options), component)
            );
            if (expected != ours)
                wrong.Add($"{fixture["name"]}:\n{expected}\nis not what the portal writes:\n{ours}");
        }

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
        Assert.InRange(compared, 2, int.MaxValue);
        Assert.Empty(component.LeftOut.Keys.Except(used));
    }

    private static IEnumerable<JsonNode> Fixtures(string component) =>
        JsonNode.Parse(
            File.ReadAllText(
                Path.Combine(
                    Directory
                        .GetDirectories(Path.Combine(Repository.Root, "services/portal/obj"), "govuk-frontend-*")
                        .Max()!,
                    "package/dist/govuk/components",
                    component,
                    "fixtures.json"
                )
            )
        )!["fixtures"]!
            .AsArray()
            .OfType<JsonNode>();

    private static IEnumerable<string> Paths(JsonNode? node, string path) =>
        node switch
        {
            JsonObject { Count: > 0 } members => members.SelectMany(member =>
                Paths(member.Value, path.Length == 0 ? member.Key : $"{path}.{member.Key}")
            ),
            JsonArray { Count: > 0 } items => items.SelectMany(item => Paths(item, $"{path}[]")),
            _ => path.Length == 0 ? [] : [path],
        };

    private static string? Text(JsonNode? of, string name) => (of as JsonObject)?[name]?.ToString();

    private static IEnumerable<JsonNode> Items(JsonObject options) => options["items"]!.AsArray().OfType<JsonNode>();

    // The one class that is a modifier; null where there is another, or more.
    private static string? Modifier(JsonObject options, string prefix) =>
        Text(options, "classes") is { } classes
        && classes.StartsWith(prefix, StringComparison.Ordinal)
        && !classes.Contains(' ', StringComparison.Ordinal)
            ? classes[prefix.Length..]
            : null;

    private static ModelExpression Filled(JsonObject options, object? value, string? name = null) =>
        new(
            name ?? Text(options, "idPrefix") ?? Text(options, "name")!,
            new EmptyModelMetadataProvider().GetModelExplorerForType(typeof(object), value)
        );

    private static ViewContext Context(JsonObject options, string? name = null)
    {
        var context = new ViewContext();
        if (Text(options["errorMessage"], "text") is { } error)
            context.ModelState.AddModelError(name ?? Text(options, "idPrefix") ?? Text(options, "name")!, error);
        return context;
    }

    private static string Written(TagHelper helper, string? text = null, string? html = null)
    {
        var output = new TagHelperOutput("x", [], (_, _) =>
            Task.FromResult<TagHelperContent>(new DefaultTagHelperContent())
        );
        output.TagMode = TagMode.StartTagAndEndTag;
        if (html is not null)
            output.Content.SetHtmlContent(html);
        else if (text is not null)
            output.Content.SetContent(text);
        helper.Process(new TagHelperContext([], new Dictionary<object, object>(), "1"), output);
        using var writer = new StringWriter();
        output.WriteTo(writer, HtmlEncoder.Default);
        return writer.ToString();
    }

    private static string Canonical(string html, Component? ours = null)
    {
        var body = new HtmlParser().ParseDocument(html).Body!;
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (element, attribute) in ours?.Ours ?? [])
        {
            foreach (var one in body.QuerySelectorAll(element))
                one.RemoveAttribute(attribute);
        }

        foreach (var element in body.QuerySelectorAll("*"))
            element.ClassList.Remove([.. ours?.OurClasses ?? []]);
        // Every id and name, in the order of the document, before what refers to them.
        foreach (var element in body.QuerySelectorAll("[id], [name]"))
        {
            foreach (var attribute in (string[])["id", "name"])
            {
                if (element.GetAttribute(attribute) is { } value)
                    names.TryAdd($"{attribute} {value}", $"{attribute}{names.Count}");
            }
        }

        var text = new StringBuilder();
        foreach (var child in body.ChildNodes)
            Write(child, 0, names, text);
        return text.ToString();
    }

    private static void Write(INode node, int depth, Dictionary<string, string> names, StringBuilder text)
    {
        if (node is IText)
        {
            if (Blanks().Replace(node.TextContent, " ").Trim() is { Length: > 0 } words)
                text.Append(' ', depth * 2).AppendLine(words);
            return;
        }

        if (node is not IElement element)
            return;
        text.Append(' ', depth * 2).Append('<').Append(element.LocalName);
        foreach (var attribute in element.Attributes.OrderBy(one => one.Name, StringComparer.Ordinal))
        {
            var value = attribute.Name switch
            {
                "id" or "name" => names[$"{attribute.Name} {attribute.Value}"],
                "for" or "aria-describedby" => string.Join(
                    ' ',
                    attribute.Value.Split(' ').Select(id => names.GetValueOrDefault($"id {id}", id))
                ),
                "class" => string.Join(' ', attribute.Value.Split(' ').Order(StringComparer.Ordinal)),
                _ => attribute.Value,
            };
            text.Append(' ').Append(attribute.Name).Append("=\"").Append(value).Append('"');
        }

        text.AppendLine(">");
        foreach (var child in element.ChildNodes)
            Write(child, depth + 1, names, text);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    /// <param name="Name">In govuk-frontend.</param>
    /// <param name="Write">What the portal's helper writes for a fixture's options.</param>
    /// <param name="Options">Those that the helper has; a fixture with others is left out.</param>
    /// <param name="LeftOut">Why the helper lacks the others, by how they begin.</param>
    private sealed record Component(
        string Name,
        Func<JsonObject, string> Write,
        HashSet<string> Options,
        Dictionary<string, string> LeftOut
    )
    {
        /// <summary>Whether the helper takes these values of its options.</summary>
        public Func<JsonObject, bool> Takes { get; init; } = _ => true;

        /// <summary>Attributes that the portal always adds, and on what.</summary>
        public IReadOnlyList<(string Element, string Attribute)> Ours { get; init; } = [];

        /// <summary>Classes that the portal always adds.</summary>
        public IReadOnlyList<string> OurClasses { get; init; } = [];
    }
}
