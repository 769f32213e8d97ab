using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Safeguarding.Portal.TagHelpers;

/// <summary>A date as a form has it: three fields.</summary>
public sealed class DateFields
{
    private static readonly string[] s_parts = [nameof(Day), nameof(Month), nameof(Year)];

    /// <summary>1 to 31.</summary>
    public string? Day { get; set; }

    /// <summary>1 to 12.</summary>
    public string? Month { get; set; }

    /// <summary>Four digits.</summary>
    public string? Year { get; set; }

    internal string?[] Values => [Day?.Trim(), Month?.Trim(), Year?.Trim()];

    /// <summary>The day, or null where the form is told what to correct.</summary>
    /// <param name="form">Takes what is wrong, at the field that it is wrong in.</param>
    /// <param name="name">Of the property.</param>
    /// <param name="words">What the date is, as an error begins: <c>Date of birth</c>.</param>
    internal DateOnly? Read(ModelStateDictionary form, string name, string words)
    {
        var missing = Values.Index().Where(part => string.IsNullOrEmpty(part.Item)).Select(part => part.Index).ToList();
        if (missing.Count == s_parts.Length)
        {
            form.AddModelError($"{name}.{nameof(Day)}", $"Enter the {words.ToLowerInvariant()}");
            return null;
        }

        if (missing is not [])
        {
            var parts = string.Join(" and ", missing.Select(part => s_parts[part].ToLowerInvariant()));
            form.AddModelError($"{name}.{s_parts[missing[0]]}", $"{words} must include a {parts}");
            return null;
        }

        if (
            Values[2] is { Length: 4 }
            && DateOnly.TryParseExact(
                string.Join('-', Values),
                "d-M-yyyy",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var day
            )
        )
        {
            return day;
        }

        form.AddModelError($"{name}.{nameof(Day)}", $"{words} must be a real date");
        return null;
    }
}

/// <summary><c>&lt;govuk-date for="BirthDate" legend="Date of birth" hint="…" /&gt;</c></summary>
[HtmlTargetElement("govuk-date", TagStructure = TagStructure.WithoutEndTag)]
public sealed class DateTagHelper : TagHelper
{
    /// <summary>The <see cref="DateFields"/> that it fills.</summary>
    public ModelExpression For { get; set; } = null!;

    /// <summary>What is asked.</summary>
    public string Legend { get; set; } = "";

    /// <summary>How it is written.</summary>
    public string? Hint { get; set; }

    /// <summary>Set by Razor.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        string[] names = [nameof(DateFields.Day), nameof(DateFields.Month), nameof(DateFields.Year)];
        var form = ViewContext.ModelState;
        // One message for the whole date, at the part that is wrong.
        var wrong = names
            .Select(part => $"{For.Name}.{part}")
            .FirstOrDefault(name => FieldId.ErrorOf(form, name) is not null)
            ?? For.Name;
        var field = new FormField(wrong, Hint, form);
        var values = (For.Model as DateFields)?.Values ?? [];
        field.Open(output);
        output.Content.AppendHtml(
            $"<fieldset class=\"govuk-fieldset\" role=\"group\"{field.DescribedBy}>"
                + "<legend class=\"govuk-fieldset__legend\">"
                + $"{HtmlEncoder.Default.Encode(Legend)}</legend>{field.HintAndError}"
                + $"<div class=\"govuk-date-input\" id=\"{FieldId.Of(For.Name)}\">"
        );
        foreach (var (index, part) in names.Index())
        {
            output.Content.AppendHtml(
                Item($"{For.Name}.{part}", part, values.ElementAtOrDefault(index), field.IsWrong)
            );
        }

        output.Content.AppendHtml("</div></fieldset>");
    }

    private static string Item(string name, string part, string? value, bool isWrong)
    {
        var id = FieldId.Of(name);
        return "<div class=\"govuk-date-input__item\"><div class=\"govuk-form-group\">"
            + $"<label class=\"govuk-label govuk-date-input__label\" for=\"{id}\">{part}</label>"
            + $"<input class=\"govuk-input govuk-date-input__input govuk-input--width-{(part == "Year" ? 4 : 2)}"
            + $"{(isWrong ? " govuk-input--error" : "")}\" id=\"{id}\" name=\"{name}\" type=\"text\" "
            + "inputmode=\"numeric\" autocomplete=\"off\""
            + (string.IsNullOrEmpty(value) ? "" : $" value=\"{HtmlEncoder.Default.Encode(value)}\"")
            + "></div></div>";
    }
}
