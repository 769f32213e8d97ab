using Safeguarding.Matching.Decisions;
using Safeguarding.Matching.Encounters;
using Safeguarding.Matching.Lookup;
using Safeguarding.Matching.Numbers;
using Safeguarding.Matching.Plans;
using Safeguarding.Matching.Reviews;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching;

internal static class MatchingSetup
{
    public static void AddMatching(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RetentionSettings>()
            .BindConfiguration("Retention")
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton(Parameters.Default);
        builder.Services.AddSingleton<BlockMacs>();
        builder.Services.AddSingleton<DailyPartitions>();
        builder.Services.AddSingleton<PlanKeys>();
        builder.Services.AddSingleton<EncounterKeys>();
        builder.Services.AddScoped<Candidates>();
        builder.Services.AddScoped<DecideEncounters>();
        builder.Services.AddScoped<FollowNumberChange>();
        builder.Services.AddHostedService<ForgetEncounters>();
        builder.Services.AddHostedService<FollowKeys>();
        foreach (var set in MatchingAccounts.Sets)
            builder.Services.AddSingleton(set);
        builder.Services.AddHostedService<WatchReviews>();
    }
}
