using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Hosting.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.Hosting.Tests;

public sealed class Texts_that_people_write(HubServers servers)
{
    private const string Name = "Anna Canary";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lie_sealed_however_they_were_written_and_are_read_as_they_were()
    {
        await using var service = await SampleService.StartAsync(servers);
        await using var scope = service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SampleDb>();
        db.AddRange(
            new Note
            {
                Number = 1,
                Text = "",
                Author = Name,
            },
            new Note { Number = 2, Text = "" },
            new Note { Number = 3, Text = "" }
        );
        await db.SaveChangesAsync(Cancelled);
        await db
            .Notes.Where(note => note.Number == 3)
            .ExecuteUpdateAsync(note => note.SetProperty(row => row.Author, Name), Cancelled);

        Assert.All(await StoredAsync(db, 1, 3), stored =>
        {
            Assert.StartsWith("sealed:", stored, StringComparison.Ordinal);
            Assert.DoesNotContain("Canary", stored, StringComparison.Ordinal);
        });
        Assert.Equal<string?>(
            [Name, null, Name],
            await db.Notes.OrderBy(note => note.Number).Select(note => note.Author).ToListAsync(Cancelled)
        );
        db.ChangeTracker.Clear();
        Assert.Equal(Name, (await db.Notes.FindAsync([1], Cancelled))!.Author);
    }

    [Fact]
    public async Task Of_an_earlier_release_are_read_as_they_are_and_sealed_later()
    {
        await using var service = await SampleService.StartAsync(servers);
        await using var scope = service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SampleDb>();
        // More than one turn's worth, and what the hub itself wrote.
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO sample.note (number, text, times, author, reason)
            SELECT n, '', 1, CASE WHEN n < 600 THEN {Name} || n END, 'why ' || n FROM generate_series(1, 700) AS n
            """,
            Cancelled
        );
        Assert.Equal(
            $"{Name}7",
            (await db.Notes.AsNoTracking().SingleAsync(note => note.Number == 7, Cancelled)).Author
        );

        var work = service.Services.GetServices<IHostedService>().OfType<SealEarlierTexts<SampleDb>>().Single();
        var counts = (await work.RunAsync(Cancelled), await work.RunAsync(Cancelled));

        Assert.Equal((599 * 2, 0), counts);
        Assert.Equal(
            (0, 101),
            (
                await db
                    .Database.SqlQuery<int>(
                        $"SELECT count(*)::int AS \"Value\" FROM sample.note WHERE author LIKE '%Canary%'"
                    )
                    .SingleAsync(Cancelled),
                await db
                    .Database.SqlQuery<int>(
                        $"SELECT count(*)::int AS \"Value\" FROM sample.note WHERE reason LIKE 'why %'"
                    )
                    .SingleAsync(Cancelled)
            )
        );
        var rows = await db.Notes.AsNoTracking().OrderBy(note => note.Number).ToListAsync(Cancelled);
        Assert.Equal(
            Enumerable.Range(1, 700).Select(n => (n < 600 ? $"{Name}{n}" : null, (string?)$"why {n}")),
            rows.Select(row => (row.Author, row.Reason))
        );
    }

    [Fact]
    public async Task That_were_put_into_another_column_or_lost_their_key_do_not_open()
    {
        await using var service = await SampleService.StartAsync(servers);
        await using var scope = service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SampleDb>();
        db.AddRange(
            new Note
            {
                Number = 1,
                Text = "",
                Author = Name,
            },
            new Note
            {
                Number = 2,
                Text = "",
                Author = Name,
            }
        );
        await db.SaveChangesAsync(Cancelled);

        await db.Database.ExecuteSqlAsync($"UPDATE sample.note SET reason = author WHERE number = 1", Cancelled);
        await db.Database.ExecuteSqlAsync(
            $"UPDATE sample.note SET author = replace(author, 'sealed:s1:', 'sealed:lost:') WHERE number = 2",
            Cancelled
        );

        var rows = await db.Notes.AsNoTracking().OrderBy(note => note.Number).ToListAsync(Cancelled);
        Assert.Equal(
            [(Name, SealedColumn.Unreadable), (SealedColumn.Unreadable, null)],
            rows.Select(row => (row.Author, row.Reason))
        );
    }

    private static Task<List<string>> StoredAsync(SampleDb db, params int[] numbers) =>
        db
            .Database.SqlQuery<string>($"SELECT author AS \"Value\" FROM sample.note WHERE number = ANY({numbers})")
            .ToListAsync(Cancelled);
}
