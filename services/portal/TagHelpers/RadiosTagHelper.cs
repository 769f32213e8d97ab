using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Safeguarding.Portal.TagHelpers;

/// <summary>One answer of a <see cref="RadiosTagHelper"/>.</summary>
/// <param name="Value">What the form sends.</param>
/// <param name="Text">What is read.</param>
/// <param name="Hint">What it means, where that needs words.</param>
public sealed record Choice(string Value, string Text, string? Hint = null);

/// <summary><c>&lt;govuk-radios for="Reason" legend="Why?" choices="…" /&gt;</c></summary>
[HtmlTargetElement("govuk-radios", TagStructure = TagStructure.WithoutEndTag)]
public sealed class RadiosTagHelper : TagHelper
{
    /// <summary>The property that it fills.</summary>
    public ModelExpression For { get; set; } = null!;

    /// <summary>What is asked.</summary>
    public string Legend { get; set; } = "";

    /// <summary>Whether the question is the page's heading.</summary>
    public bool Heading { get; set; }

    /// <summary>What the answer is for.</summary>
    public string? Hint { get; set; }

    /// <summary>The answers.</summary>
    public IReadOnlyList<Choice> Choices { get; set; } = [];

    /// <summary>Set by Razor.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var field = new FormField(For.Name, Hint, ViewContext.ModelState);
        var encode = HtmlEncoder.Default;
        var legend = encode.Encode(Legend);
        field.Open(output);
        output.Content.AppendHtml(
            $"<fieldset class=\"govuk-fieldset\"{field.DescribedBy}>"
                + (
                    Heading
                        ? "<legend class=\"govuk-fieldset__legend govuk-fieldset__legend--l\">"
                            + $"<h1 class=\"govuk-fieldset__heading\">{legend}</h1></legend>"
                        : $"<legend class=\"govuk-fieldset__legend govuk-fieldset__legend--m\">{legend}</legend>"
                )
                + field.HintAndError
                + "<div class=\"govuk-radios\" data-module=\"govuk-radios\">"
        );
        foreach (var (index, choice) in Choices.Index())
            output.Content.AppendHtml(Item(index == 0 ? field.Id : $"{field.Id}-{index + 1}", choice, encode));
        output.Content.AppendHtml("</div></fieldset>");
    }

    private string Item(string id, Choice choice, HtmlEncoder encode)
    {
        var isChosen = For.Model?.ToString() == choice.Value;
        return "<div class=\"govuk-radios__item\">"
            + $"<input class=\"govuk-radios__input\" id=\"{id}\" name=\"{encode.Encode(For.Name)}\" type=\"radio\" "
            + $"value=\"{encode.Encode(choice.Value)}\"{(isChosen ? " checked" : "")}"
            + $"{(choice.Hint is null ? "" : $" aria-describedby=\"{id}-item-hint\"")}>"
            + $"<label class=\"govuk-label govuk-radios__label\" for=\"{id}\">{encode.Encode(choice.Text)}</label>"
            + (
                choice.Hint is null
                    ? ""
                    : $"<div id=\"{id}-item-hint\" class=\"govuk-hint govuk-radios__hint\">"
                        + $"{encode.Encode(choice.Hint)}</div>"
            )
            + "</div>";
    }
}
