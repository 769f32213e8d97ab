using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Safeguarding.Portal.TagHelpers;

/// <summary>
/// <c>&lt;govuk-input for="NhsNumber" label="NHS number" hint="…" /&gt;</c>: label, hint, error and field.
/// </summary>
[HtmlTargetElement("govuk-input", TagStructure = TagStructure.WithoutEndTag)]
public sealed class InputTagHelper : TagHelper
{
    /// <summary>The property that it fills.</summary>
    public ModelExpression For { get; set; } = null!;

    /// <summary>What is asked.</summary>
    public string Label { get; set; } = "";

    /// <summary>How it is written.</summary>
    public string? Hint { get; set; }

    /// <summary>As many characters as are expected: 2, 3, 4, 5, 10 or 20.</summary>
    public int? Width { get; set; }

    /// <summary>Whether it is a number that is no quantity, such as an NHS number.</summary>
    public bool Digits { get; set; }

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
            $"<label class=\"govuk-label\" for=\"{field.Id}\">{encode.Encode(Label)}</label>",
            $"<input class=\"govuk-input{(Width is null ? "" : $" govuk-input--width-{Width}")}"
                + $"{(Digits ? " govuk-input--extra-letter-spacing" : "")}"
                + $"{(field.IsWrong ? " govuk-input--error" : "")}\" id=\"{field.Id}\" "
                + $"name=\"{encode.Encode(For.Name)}\" type=\"text\" spellcheck=\"false\" autocomplete=\"off\""
                + (Digits ? " inputmode=\"numeric\"" : "")
                + field.DescribedBy
                + (For.Model is string { Length: > 0 } value ? $" value=\"{encode.Encode(value)}\"" : "")
                + ">"
        );
    }
}
