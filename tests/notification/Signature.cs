using System.Text;
using NSec.Cryptography;
using Safeguarding.Notification.Delivery.Channels.Webhook;
using Safeguarding.Notification.Domain.Subscriptions;

namespace Safeguarding.Notification.Tests;

public sealed class Signature
{
    // Published with Standard Webhooks 1.0.0.
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    // RFC 8032, section 7.1, test 1: the key pair is the standard's, the message ours.
    private const string Seed = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
    private const string PublicKey = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1614265330);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("{\"test\": 2432232314}");

    [Fact]
    public void The_published_vector_of_Standard_Webhooks_comes_out() =>
        Assert.Equal(Expected, WebhookSignature.Sign(Secret, Id, At, Body));

    [Fact]
    public void The_public_key_of_RFC_8032_comes_out_of_its_seed() =>
        Assert.Equal(PublicKey, WebhookSignature.PublicKeyOf(new SigningSecret(Secret, Seed)));

    [Fact]
    public void The_vectors_in_the_documents_are_what_the_hub_signs()
    {
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "webhooks.md"));

        Assert.Contains(Expected, readme, StringComparison.Ordinal);
        Assert.Contains(PublicKey, readme, StringComparison.Ordinal);
        Assert.Contains(WebhookSignature.SignWithPrivateKey(Seed, Id, At, Body), readme, StringComparison.Ordinal);
    }

    [Fact]
    public void The_Ed25519_signature_verifies_with_the_public_key_alone_and_not_over_another_byte()
    {
        var signature = Convert.FromBase64String(
            WebhookSignature.SignWithPrivateKey(Seed, Id, At, Body)["v1a,".Length..]
        );
        var key = NSec.Cryptography.PublicKey.Import(
            SignatureAlgorithm.Ed25519,
            Convert.FromBase64String(PublicKey["whpk_".Length..]),
            KeyBlobFormat.RawPublicKey
        );

        Assert.True(
            SignatureAlgorithm.Ed25519.Verify(
                key,
                (byte[])[.. Encoding.UTF8.GetBytes($"{Id}.1614265330."), .. Body],
                signature
            )
        );
        Assert.False(
            SignatureAlgorithm.Ed25519.Verify(
                key,
                (byte[])[.. Encoding.UTF8.GetBytes($"{Id}.1614265331."), .. Body],
                signature
            )
        );
    }

    [Fact]
    public void While_a_rotation_overlaps_both_secrets_sign_in_both_schemes_the_new_one_first()
    {
        var fresh = WebhookSignature.NewSecret();
        var former = new SigningSecret(Secret, Seed);

        var header = WebhookSignature.Header([fresh, former], Id, At, Body);

        Assert.Equal(
            [
                WebhookSignature.Sign(fresh.Text, Id, At, Body),
                Expected,
                WebhookSignature.SignWithPrivateKey(fresh.PrivateKey!, Id, At, Body),
                WebhookSignature.SignWithPrivateKey(Seed, Id, At, Body),
            ],
            header.Split(' ')
        );
    }

    [Fact]
    public void A_secret_from_before_there_were_two_schemes_signs_with_the_one_it_has() =>
        Assert.Equal(Expected, WebhookSignature.Header([new SigningSecret(Secret)], Id, At, Body));

    [Fact]
    public void No_two_secrets_are_alike_and_each_has_256_bits()
    {
        var secrets = Enumerable.Range(0, 100).Select(_ => WebhookSignature.NewSecret()).ToList();

        Assert.Equal(
            200,
            secrets.SelectMany(secret => new[] { secret.Text["whsec_".Length..], secret.PrivateKey! }).ToHashSet().Count
        );
        Assert.All(secrets, secret =>
            Assert.Equal(32, Convert.FromBase64String(secret.Text["whsec_".Length..]).Length)
        );
    }
}
