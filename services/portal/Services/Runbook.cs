using Markdig;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Safeguarding.Portal.Services;

/// <summary>A page of docs/runbook as HTML, in the classes of GOV.UK Frontend.</summary>
/// <param name="Name">By which alarms name it.</param>
/// <param name="Title">Its heading, without its name.</param>
/// <param name="Html">What follows its heading. The pages are this repository's own, and raw HTML in them is text.</param>
internal sealed record Runbook(string Name, string Title, string Html)
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UsePipeTables()
        .Build();

    private static readonly IReadOnlyDictionary<string, Runbook> s_pages = Directory
        .GetFiles(Path.Combine(AppContext.BaseDirectory, "runbook"), "*.md")
        .Select(file => (Name: Path.GetFileNameWithoutExtension(file), Text: File.ReadAllText(file)))
        .Where(page => page.Name != "README")
        .ToDictionary(page => page.Name, page => Of(page.Name, page.Text));

    public static IEnumerable<Runbook> All => s_pages.Values.OrderBy(page => page.Name, StringComparer.Ordinal);

    /// <summary>The page of that name; null where there is none.</summary>
    public static Runbook? Find(string name) => s_pages.GetValueOrDefault(name);

    internal static Runbook Of(string name, string markdown)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        var heading = document.OfType<HeadingBlock>().FirstOrDefault();
        var title = heading?.Inline?.FirstChild is LiteralInline text ? $"{text.Content}" : name;
        if (heading is not null)
            document.Remove(heading);
        foreach (var block in document.Descendants<Block>())
            Dress(block);
        foreach (var link in document.Descendants<LinkInline>().ToList())
            Lead(link);
        return new Runbook(
            name,
            Sentence(title.StartsWith($"{name}: ", StringComparison.Ordinal) ? title[(name.Length + 2)..] : title),
            Write(document)
        );
    }

    private static string Write(MarkdownDocument document)
    {
        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.FindExact<CodeBlockRenderer>()!.OutputAttributesOnPre = true;
        renderer.Render(document);
        return writer.ToString();
    }

    private static string Sentence(string title) => char.ToUpperInvariant(title[0]) + title[1..];

    private static void Dress(Block block)
    {
        var attributes = block.GetAttributes();
        switch (block)
        {
            case ParagraphBlock:
                attributes.AddClass("govuk-body");
                break;
            case ListBlock list:
                attributes.AddClass("govuk-list");
                attributes.AddClass(list.IsOrdered ? "govuk-list--number" : "govuk-list--bullet");
                break;
            case CodeBlock:
                // Long commands scroll, and what scrolls must be reached by the keyboard.
                attributes.AddClass("portal-code");
                attributes.AddProperty("tabindex", "0");
                break;
            case HeadingBlock heading:
                heading.Level = Math.Min(heading.Level + 2, 6);
                attributes.AddClass("govuk-heading-s");
                break;
        }
    }

    // Pages beside it are shown here; what else the repository has is not, so its name alone stays.
    private static void Lead(LinkInline link)
    {
        var url = link.Url ?? "";
        if (url.EndsWith(".md", StringComparison.Ordinal) && !url.Contains('/', StringComparison.Ordinal))
        {
            link.Url = $"/operations/runbook/{url[..^3]}";
            link.GetAttributes().AddClass("govuk-link");
        }
        else if (url.StartsWith("https://", StringComparison.Ordinal))
        {
            link.GetAttributes().AddClass("govuk-link");
        }
        else
        {
            var inner = new ContainerInline();
            link.ReplaceBy(inner);
        }
    }
}
