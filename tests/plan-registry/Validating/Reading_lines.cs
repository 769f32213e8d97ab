using System.IO.Pipelines;
using System.Text;
using Safeguarding.PlanRegistry.Uploads;

namespace Safeguarding.PlanRegistry.Tests.Validating;

public sealed class Reading_lines
{
    [Theory]
    [InlineData("a\nb\n", "1:a 2:b")]
    [InlineData("a\r\nb", "1:a 2:b")]
    [InlineData("\uFEFFa\nb", "1:a 2:b")]
    [InlineData("a\n\n \t\r\nb\n", "1:a 4:b")]
    [InlineData("", "")]
    [InlineData("\n\n", "")]
    [InlineData("\uFEFF", "")]
    [InlineData("\uFEFF\uFEFFa\nb", "1:a 2:b")]
    [InlineData("a\rb\r", "1:a 2:b")]
    [InlineData("a\rb\r\nc\nd", "1:a 2:b 3:c 4:d")]
    [InlineData("a\r\n,,,\r\nb\r\n\u001A", "1:a 3:b")]
    [InlineData("a\nb\u001A", "1:a 2:b")]
    public async Task Lines_are_numbered_as_an_editor_does_whatever_their_ends(string text, string expected)
    {
        foreach (var step in new[] { 1, 2, 3, 1000 })
            Assert.Equal(expected, string.Join(' ', await ReadAsync(new Dripping(Encoding.UTF8.GetBytes(text), step))));
    }

    [Fact]
    public async Task A_line_of_ten_megabytes_runs_through_and_only_its_beginning_is_kept()
    {
        var body = new byte[10 * 1024 * 1024];
        Array.Fill(body, (byte)'x');
        "CP-1,"u8.CopyTo(body);
        var reader = new LineReader(PipeReader.Create(new MemoryStream([.. body, .. "\nnext"u8])));

        Assert.True(await reader.NextAsync(Registry.Cancelled));
        Assert.True(reader.IsTooLong);
        Assert.Equal(LineReader.Longest, reader.Line.Length);
        Assert.True(await reader.NextAsync(Registry.Cancelled));
        Assert.Equal((2, "next", false), (reader.Number, Encoding.UTF8.GetString(reader.Line.Span), reader.IsTooLong));
        Assert.False(await reader.NextAsync(Registry.Cancelled));
    }

    [Fact]
    public async Task A_line_of_exactly_the_longest_length_is_whole()
    {
        var reader = new LineReader(
            PipeReader.Create(new MemoryStream([.. Enumerable.Repeat((byte)'x', LineReader.Longest), .. "\n"u8]))
        );

        Assert.True(await reader.NextAsync(Registry.Cancelled));
        Assert.False(reader.IsTooLong);
        Assert.False(await reader.NextAsync(Registry.Cancelled));
    }

    private static async Task<List<string>> ReadAsync(Stream stream)
    {
        var reader = new LineReader(PipeReader.Create(stream));
        var lines = new List<string>();
        while (await reader.NextAsync(Registry.Cancelled))
            lines.Add($"{reader.Number}:{Encoding.UTF8.GetString(reader.Line.Span)}");
        return lines;
    }

    /// <summary>Gives a few bytes at a time, as a network may.</summary>
    private sealed class Dripping(byte[] bytes, int step) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(step, buffer.Length)], cancellationToken);
    }
}
