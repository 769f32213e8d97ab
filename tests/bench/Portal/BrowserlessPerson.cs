using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Safeguarding.Bench.Hub;

namespace Safeguarding.Bench.Portal;

/// <summary>One of the made-up people, signed in at the portal as a browser does it, without one.</summary>
internal sealed partial class BrowserlessPerson : IDisposable
{
    private const int MostSteps = 20;

    // CookieContainer sends no secure cookie over http, which browsers do on this machine.
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    private BrowserlessPerson(string name) => Name = name;

    public string Name { get; }

    public static async Task<BrowserlessPerson> SignInAsync(string name, CancellationToken cancellationToken)
    {
        var person = new BrowserlessPerson(name);
        var answer = await person.FollowAsync(new Uri(HubAddresses.Portal, "/sign-in"), null, cancellationToken);
        var picked = PersonButton()
            .Matches(answer.Text)
            .FirstOrDefault(button => WebUtility.HtmlDecode(button.Groups["name"].Value) == name);
        var form = FormAction().Match(answer.Text);
        if (picked is null || !form.Success)
        {
            throw new BenchFailedException(
                $"{name} cannot be picked at the sign-in, which answered {answer.Status}. Start the hub with "
                    + "./hub up --development --native"
            );
        }

        var home = await person.FollowAsync(
            new Uri(answer.Address, WebUtility.HtmlDecode(form.Groups["action"].Value)),
            [new("person", picked.Groups["id"].Value)],
            cancellationToken
        );
        if (home.Status != 200 || home.Address.Port != HubAddresses.Portal.Port)
            throw new BenchFailedException($"{name} was not signed in: {home.Address.AbsolutePath}, {home.Status}");
        return person;
    }

    /// <summary>Opens a page of the portal, or sends a form to it.</summary>
    /// <param name="path">Which.</param>
    /// <param name="form">What is sent; a GET where null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<Answer> OpenAsync(
        string path,
        IReadOnlyList<KeyValuePair<string, string>>? form,
        CancellationToken cancellationToken
    ) => SendAsync(new Uri(HubAddresses.Portal, path), form, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<Answer> FollowAsync(
        Uri address,
        IReadOnlyList<KeyValuePair<string, string>>? form,
        CancellationToken cancellationToken
    )
    {
        for (var step = 0; step < MostSteps; step++)
        {
            var answer = await SendAsync(address, form, cancellationToken);
            if (answer.Location is null)
                return answer;
            (address, form) = (new Uri(address, answer.Location), null);
        }

        throw new BenchFailedException($"The sign-in of {Name} does not end.");
    }

    private async Task<Answer> SendAsync(
        Uri address,
        IReadOnlyList<KeyValuePair<string, string>>? form,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(form is null ? HttpMethod.Get : HttpMethod.Post, address);
        request.Content = form is null ? null : new FormUrlEncodedContent(form);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, deflate, br");
        if (_cookies.Count > 0)
        {
            request.Headers.TryAddWithoutValidation(
                "Cookie",
                string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"))
            );
        }

        var began = Stopwatch.GetTimestamp();
        using var response = await _http.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var took = Stopwatch.GetElapsedTime(began);
        foreach (var set in response.Headers.TryGetValues("Set-Cookie", out var sets) ? sets : [])
        {
            var (name, value) = set.Split(';')[0].Split('=', 2) is [var left, var right] ? (left, right) : (set, "");
            if (value is [])
                _cookies.Remove(name);
            else
                _cookies[name] = value;
        }

        return new Answer(
            address,
            (int)response.StatusCode,
            response.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.SeeOther
                ? response.Headers.Location
                : null,
            took,
            body,
            response.Content.Headers.ContentEncoding.LastOrDefault()
        );
    }

    [GeneratedRegex("""name="person" value="(?<id>[^"]+)">(?<name>[^<]+)<""")]
    private static partial Regex PersonButton();

    [GeneratedRegex("""<form method="post" action="(?<action>[^"]+)">""")]
    private static partial Regex FormAction();
}

/// <summary>What the portal answered.</summary>
/// <param name="Address">Of what.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Location">Where it sends the browser.</param>
/// <param name="Took">From sending the request until its last byte was there.</param>
/// <param name="Body">As it came.</param>
/// <param name="Encoding">How it was compressed; null where it was not.</param>
internal sealed record Answer(Uri Address, int Status, Uri? Location, TimeSpan Took, byte[] Body, string? Encoding)
{
    public string Text
    {
        get
        {
            using var body = new MemoryStream(Body);
            using Stream plain = Encoding switch
            {
                "gzip" => new GZipStream(body, CompressionMode.Decompress),
                "br" => new BrotliStream(body, CompressionMode.Decompress),
                _ => body,
            };
            using var text = new StreamReader(plain, System.Text.Encoding.UTF8);
            return text.ReadToEnd();
        }
    }
}
