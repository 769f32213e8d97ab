using Safeguarding.Contracts.Matches;

namespace Safeguarding.Matching.Rules;

/// <summary>What was decided about one patient, for every person on the register that came into question.</summary>
/// <param name="RuleVersion">Version of the rules, the parameters and the population.</param>
/// <param name="Persons">Most likely first, each once for every council that has plans for that person. Empty where no block key found anybody.</param>
/// <param name="NotOnRegister">Probability that the patient is none of them.</param>
public sealed record Decision(string RuleVersion, IReadOnlyList<PersonDecision> Persons, double NotOnRegister);

/// <summary>A person on one council's register and what was decided. Another council's plans for the same person stand by themselves.</summary>
/// <param name="Plans">The council's plans for that person among the candidates.</param>
/// <param name="Outcome">By the nearest of these plans' own comparison, the same for all of them.</param>
public sealed record PersonDecision(IReadOnlyList<PlanOfPerson> Plans, MatchOutcome Outcome);

/// <summary>A plan of a person.</summary>
/// <param name="PlanId">The hub's id.</param>
/// <param name="CouncilCode">The responsible council.</param>
/// <param name="Role">What the patient would be to it.</param>
public sealed record PlanOfPerson(Guid PlanId, string CouncilCode, MatchRole Role);
