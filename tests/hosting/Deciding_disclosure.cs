using Safeguarding.Hosting.Access;

namespace Safeguarding.Hosting.Tests;

/// <summary>
/// Properties of every combination there is, with a value in each place that no word stands for.
/// </summary>
public sealed class Deciding_disclosure
{
    private static readonly List<Asked> Every =
    [
        .. from what in Values<Shown>()
        from organisation in Values<OrganisationKind>()
        from relationship in Values<Relationship>()
        from purpose in Values<Purpose>()
        from restricted in (bool[])[false, true]
        from broken in Values<GlassBroken>()
        from agreed in (bool[])[false, true]
        select new Asked(what, organisation, relationship, purpose, restricted, broken, agreed),
    ];

    [Fact]
    public void Whatever_is_unknown_or_unset_opens_nothing()
    {
        Assert.Equal(Extent.Nothing, DecideDisclosure.Decide(default));
        Assert.All(
            Every.Where(asked =>
                !Enum.IsDefined(asked.What)
                || !Enum.IsDefined(asked.Organisation)
                || !Enum.IsDefined(asked.Relationship)
                || !Enum.IsDefined(asked.Purpose)
            ),
            asked => Assert.True(DecideDisclosure.Decide(asked) is Extent.Nothing, $"{asked}")
        );
        Holds(asked => Enum.IsDefined(asked.Broken), asked => asked with { Broken = GlassBroken.No });
    }

    [Fact]
    public void A_restriction_never_opens_whosever_it_is() =>
        Holds(
            asked => !asked.Restricted,
            asked =>
                asked with
                {
                    Restricted = false,
                    Relationship = asked.Relationship
                        is Relationship.RestrictedFirst
                            or Relationship.RestrictedByAnother
                        ? Relationship.OwnPlan
                        : asked.Relationship,
                }
        );

    [Fact]
    public void Break_glass_opens_one_step_of_a_plan_and_of_a_restricted_child_by_two_alone() =>
        Assert.All(Every.Where(asked => asked.Broken is not GlassBroken.No), asked =>
        {
            var (with, without) = (
                DecideDisclosure.Decide(asked),
                DecideDisclosure.Decide(asked with { Broken = GlassBroken.No })
            );
            var may =
                asked is { What: Shown.Plan, Purpose: Purpose.BreakGlass }
                && (asked.Broken is GlassBroken.ByTwo || (asked.Broken is GlassBroken.ByOne && !asked.Restricted));
            Assert.True(with <= (may ? without + 1 : without), $"{asked}: {without}, and with it {with}");
        });

    [Fact]
    public void Agreement_opens_the_place_alone_and_only_to_whom_another_restricts() =>
        Holds(
            asked =>
                !asked.Agreed || asked is { What: Shown.PlaceByItself, Relationship: Relationship.RestrictedByAnother },
            asked => asked with { Agreed = false }
        );

    [Fact]
    public void A_plan_of_ones_own_never_closes_what_is_open_to_a_council_without() =>
        Assert.All(
            Every.Where(asked => asked is { Organisation: OrganisationKind.Council, Relationship: Relationship.None }),
            asked =>
                Assert.True(
                    DecideDisclosure.Decide(asked)
                        <= DecideDisclosure.Decide(asked with { Relationship = Relationship.OwnPlan }),
                    $"{asked}"
                )
        );

    [Fact]
    public void Without_a_plan_of_the_child_only_look_ups_and_operators_are_shown_anything() =>
        Assert.All(Every.Where(Opens), asked =>
            Assert.True(
                asked.Relationship is not Relationship.None
                    || asked.What is Shown.Plan or Shown.LookupHistory
                    || asked is { What: Shown.Evidence, Organisation: OrganisationKind.Hub },
                $"{asked}"
            )
        );

    [Fact]
    public void Where_a_restricted_child_was_is_shown_by_a_call_of_its_own_alone() =>
        Assert.All(Every.Where(asked => asked.Restricted && DecideDisclosure.Decide(asked) is Extent.Whole), asked =>
            Assert.True(
                asked.What switch
                {
                    Shown.Plan => asked.Relationship
                        is Relationship.OwnPlan
                            or Relationship.RestrictedFirst
                            or Relationship.RestrictedByAnother
                        || asked.Broken is GlassBroken.ByTwo,
                    Shown.Question => asked.Relationship is Relationship.RestrictedFirst,
                    Shown.PlaceByItself => asked.Relationship is Relationship.RestrictedFirst
                        || (asked.Relationship is Relationship.RestrictedByAnother && asked.Agreed),
                    _ => false,
                },
                $"{asked}"
            )
        );

    /// <summary>A decision that refuses everything would have every property above.</summary>
    [Theory]
    [InlineData(OrganisationKind.Trust, Purpose.DirectCare, false, Extent.Whole)]
    [InlineData(OrganisationKind.Trust, Purpose.DirectCare, true, Extent.Existence)]
    [InlineData(OrganisationKind.Council, Purpose.ChildProtection, true, Extent.Existence)]
    [InlineData(OrganisationKind.Council, Purpose.DirectCare, false, Extent.Nothing)]
    [InlineData(OrganisationKind.Police, Purpose.ChildProtection, false, Extent.Existence)]
    [InlineData(OrganisationKind.Police, Purpose.ChildProtection, true, Extent.Nothing)]
    [InlineData(OrganisationKind.Hub, Purpose.ChildProtection, false, Extent.Nothing)]
    public void Who_looks_up_a_child_of_others_is_shown_what_the_organisation_needs(
        OrganisationKind organisation,
        Purpose purpose,
        bool restricted,
        Extent shown
    ) =>
        Assert.Equal(
            shown,
            DecideDisclosure.Decide(new Asked(Shown.Plan, organisation, Relationship.None, purpose, restricted))
        );

    [Fact]
    public void A_council_is_shown_everything_of_its_own_child_that_nobody_restricts() =>
        Assert.All(Enum.GetValues<Shown>().Except([Shown.Plan, Shown.LookupHistory]), what =>
            Assert.Equal(Extent.Whole, DecideDisclosure.Decide(Asked.OfOwnChild(what, restricted: false)))
        );

    private static bool Opens(Asked asked) => DecideDisclosure.Decide(asked) is not Extent.Nothing;

    // Where the exception does not hold, the change shows as much or more.
    private static void Holds(Func<Asked, bool> except, Func<Asked, Asked> change) =>
        Assert.All(Every.Where(asked => !except(asked)), asked =>
            Assert.True(
                DecideDisclosure.Decide(asked) <= DecideDisclosure.Decide(change(asked)),
                $"{asked}: {DecideDisclosure.Decide(asked)}, changed {DecideDisclosure.Decide(change(asked))}"
            )
        );

    private static IEnumerable<T> Values<T>()
        where T : struct, Enum => Enum.GetValues<T>().Append((T)(object)99);
}
