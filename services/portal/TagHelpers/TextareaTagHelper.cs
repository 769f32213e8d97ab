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

    /// <summary>How many characters it takes; 0 for any number.</summary>
    public int Longest { get; set; }

    /// <summary>How many lines are shown.</summary>
    public int Rows { get; set; } = 3;

    /// <summary>Whether it is for programs: no spelling, and the browser does not keep it.</summary>
    public bool Code { get; set; }

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
        field.Write(
            output,
            $"<label class=\"govuk-label govuk-label--m\" for=\"{field.Id}\">{encode.Encode(Label)}</label>",
            $"<textarea class=\"govuk-textarea{(Code ? " portal-typed-code" : "")}"
                + $"{(field.IsWrong ? " govuk-textarea--error" : "")}\" id=\"{field.Id}\" "
                + $"name=\"{encode.Encode(For.Name)}\" rows=\"{Rows}\""
                + (Longest == 0 ? "" : $" maxlength=\"{Longest}\"")
                + (Code ? " spellcheck=\"false\" autocomplete=\"off\"" : "")
                + field.DescribedBy
                // A browser takes away the first line break.
                + $">\n{encode.Encode(For.Model as string ?? "")}</textarea>"
        );
    }
}
