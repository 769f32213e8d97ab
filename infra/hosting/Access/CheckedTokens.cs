using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Safeguarding.Hosting.Access;

/// <summary>
/// Checks a token's signature once a minute and not with every request: a system sends the same token some thousand
/// times before it expires. A token that was refused is checked each time, and every request asks whether it has been
/// revoked.
/// </summary>
internal sealed class CheckedTokens(TimeProvider clock, Revocations revocations) : JsonWebTokenHandler, IDisposable
{
    private const int MostTokens = 10_000;
    private static readonly TimeSpan CheckAgain = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _checked = new(new MemoryCacheOptions { SizeLimit = MostTokens });

    public override async Task<TokenValidationResult> ValidateTokenAsync(
        string token,
        TokenValidationParameters validationParameters
    )
    {
        var now = clock.GetUtcNow();
        if (
            _checked.TryGetValue(token, out (DateTimeOffset Until, TokenValidationResult Result, TokenIds Ids) known)
            && now < known.Until
        )
        {
            return Unrevoked(known.Result, known.Ids);
        }

        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (!result.IsValid)
            return result;
        var ids = TokenIds.Of(result.SecurityToken);
        var expires = new DateTimeOffset(result.SecurityToken.ValidTo, TimeSpan.Zero);
        var until = expires < now + CheckAgain ? expires : now + CheckAgain;
        if (until > now)
        {
            _checked.Set(
                token,
                (until, result, ids),
                new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = until - now }
            );
        }

        return Unrevoked(result, ids);
    }

    private TokenValidationResult Unrevoked(TokenValidationResult result, TokenIds ids) =>
        revocations.WhyRefused(ids) is { } refused
            ? new TokenValidationResult { IsValid = false, Exception = refused }
            : result;

    public void Dispose() => _checked.Dispose();
}
