using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Safeguarding.Portal.TagHelpers;

/// <summary><c>&lt;govuk-textarea for="Reason" label="Why?" hint="…" /&gt;</c>: label, hint, error and field.</summary>
[HtmlTargetElement("govuk-textarea", TagStructure = TagStructure.WithoutEndTag)]
public sealed class TextareaTagHelper : TagHelper
{
    /// <summary>The property that it fills.</summary>
    public ModelExpression For { get; set; } = null!;

    /// <summary>What is asked.</summary>
    public string Label { get; set; } = "";

    /// <summary>How it is written.</summary>
    public string? Hint { get; set; }

    /// <summary>How many characters it takes.</summary>
    public int Longest { get; set; }

    /// <summary>Set by Razor.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var id = FieldId.Of(For.Name);
        var error = FieldId.ErrorOf(ViewContext.ModelState, For.Name);
        var encode = HtmlEncoder.Default;
        string[] describing = [Hint is null ? "" : $"{id}-hint", error is null ? "" : $"{id}-error"];
        var describedBy = string.Join(' ', describing.Where(one => one.Length > 0));

        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute(
            "class",
            error is null ? "govuk-form-group" : "govuk-form-group govuk-form-group--error"
        );
        output.Content.AppendHtml(
            $"<label class=\"govuk-label govuk-label--m\" for=\"{id}\">{encode.Encode(Label)}</label>"
        );
        if (Hint is not null)
            output.Content.AppendHtml($"<div id=\"{id}-hint\" class=\"govuk-hint\">{encode.Encode(Hint)}</div>");
        if (error is not null)
            output.Content.AppendHtml(FieldId.ErrorMessage(id, error));
        output.Content.AppendHtml(
            $"<textarea class=\"govuk-textarea{(error is null ? "" : " govuk-textarea--error")}\" id=\"{id}\" "
                + $"name=\"{encode.Encode(For.Name)}\" rows=\"3\" maxlength=\"{Longest}\""
                + (describedBy.Length == 0 ? "" : $" aria-describedby=\"{describedBy}\"")
                // A browser takes away the first line break.
                + $">\n{encode.Encode(For.Model as string ?? "")}</textarea>"
        );
    }
}
