using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.Decisions;
using Safeguarding.Matching.Domain.Encounters;
using Safeguarding.Matching.Domain.Keys;
using Safeguarding.Matching.Lookup;
using Safeguarding.Matching.Names;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Shadow;
using Safeguarding.Matching.Storage;

namespace Safeguarding.Matching.Decisions;

/// <summary>
/// Decides a batch of locked encounters, records the decisions and publishes what is new to each council. The number of
/// statements does not depend on the number of encounters.
/// </summary>
public sealed class DecideEncounters(
    MatchingDb db,
    Sealer sealer,
    Candidates candidates,
    Parameters parameters,
    NamesLearned learned,
    ShadowRules shadow,
    TimeProvider clock
)
{
    internal async Task DecideAsync(
        IReadOnlyList<Question> questions,
        Search search,
        CancellationToken cancellationToken
    )
    {
        var present = await db.ReadPresentAsync(questions, [], cancellationToken);
        var asked = questions.Where(question => question.Encounter.MayRaise && question.Patient is not null).ToList();
        var found =
            asked.Count == 0
                ? []
                : await candidates.ForAsync(asked.ConvertAll(question => question.Patient!), search, cancellationToken);
        var foundOf = asked.Zip(found).ToDictionary(pair => pair.First.Encounter.Id, pair => pair.Second);

        var names = learned.Current;
        var evaluations = questions.ToDictionary(question => question.Encounter.Id, Evaluate);
        // A question may concern encounters that others are deciding at this moment, and so may what a person decided
        // of the patient: whoever changes those of one patient does it alone, and looks again once the others are done.
        var patients = questions
            .Where(question =>
                evaluations[question.Encounter.Id].Parts.Values.Any(part => part.InQuestion.Length > 0)
                || present.RememberedOf(question).Any()
            )
            .SelectMany(question => question.Patient?.Signatures ?? [])
            .Concat(present.Reviews.Patients)
            .Distinct()
            .Order()
            .ToArray();
        if (patients.Length > 0)
        {
            await db.LockPatientsAsync(patients, cancellationToken);
            present = await db.ReadPresentAsync(questions, patients, cancellationToken);
            foreach (
                var question in questions.Where(question =>
                    present.Reviews.Get(question.Encounter.Id).Any()
                    || question.Patient?.Signatures.Intersect(patients).Any() == true
                )
            )
            {
                evaluations[question.Encounter.Id] = Evaluate(question);
            }
        }

        var changes = new Changes(clock.GetUtcNow());
        var conclude = new ConcludeEncounter(parameters, sealer);
        // Those that joined come last: what the first one asks by then is what they stay with.
        foreach (var question in questions.OrderBy(question => present.Reviews.IsJoined(question.Encounter.Id)))
        {
            var evaluated = evaluations[question.Encounter.Id];
            Compare(question, evaluated, names, present, changes);
            conclude.Conclude(question, evaluated, present, changes);
        }

        await changes.WriteAsync(db, cancellationToken);

        EncounterEvaluation Evaluate(Question question) =>
            EncounterEvaluation.Evaluate(
                question,
                foundOf.GetValueOrDefault(question.Encounter.Id),
                names,
                parameters,
                present
            );
    }

    private void Compare(
        Question question,
        EncounterEvaluation evaluated,
        NameCount names,
        Present present,
        Changes changes
    )
    {
        var encounter = question.Encounter;
        // What did not take place after all is a difference no longer.
        if (!shadow.IsOn || (evaluated.Candidates is null && encounter.MayRaise))
            return;
        var other = evaluated.Candidates is null
            ? null
            : shadow.Decide(encounter.Id, question.Patient!.Person, evaluated.Candidates, parameters =>
                names.Raise(parameters, question.Patient.Names)
            );
        changes.Compare(encounter, evaluated.Decision, other, evaluated.Plans, present.VerdictsOf(question));
    }
}
