using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Safeguarding.Hosting.Access;

/// <summary>
/// Checks a token's signature once a minute and not with every request: a system sends the same token some thousand
/// times before it expires. A token that was refused is checked each time.
/// </summary>
internal sealed class CheckedTokens(TimeProvider clock) : JsonWebTokenHandler, IDisposable
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
            _checked.TryGetValue(token, out (DateTimeOffset Until, TokenValidationResult Result) known)
            && now < known.Until
        )
        {
            return known.Result;
        }

        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid)
        {
            var expires = new DateTimeOffset(result.SecurityToken.ValidTo, TimeSpan.Zero);
            var until = expires < now + CheckAgain ? expires : now + CheckAgain;
            if (until > now)
            {
                _checked.Set(
                    token,
                    (until, result),
                    new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = until - now }
                );
            }
        }

        return result;
    }

    public void Dispose() => _checked.Dispose();
}
