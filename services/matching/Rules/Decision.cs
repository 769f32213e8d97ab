using Safeguarding.Contracts.Matches;

namespace Safeguarding.Matching.Rules;

/// <summary>What was decided about one patient, for every person on the register that came into question.</summary>
/// <param name="RuleVersion">Version of the rules, the parameters and the population.</param>
/// <param name="Persons">Most likely first. Empty where no block key found anybody.</param>
/// <param name="NotOnRegister">Probability that the patient is none of a council's; the least over the
/// councils.</param>
public sealed record Decision(string RuleVersion, IReadOnlyList<PersonDecision> Persons, double NotOnRegister);

/// <summary>A person on the register (the plans that were folded into one) and what was decided.</summary>
/// <param name="Plans">The person's plans among the candidates; all of one council.</param>
/// <param name="Outcome">By the nearest of these plans' own comparison, the same for all of them.</param>
public sealed record PersonDecision(IReadOnlyList<PlanOfPerson> Plans, MatchOutcome Outcome);

/// <summary>A plan of a person.</summary>
/// <param name="PlanId">The hub's id.</param>
/// <param name="CouncilCode">The responsible council.</param>
/// <param name="Role">What the patient would be to it.</param>
public sealed record PlanOfPerson(Guid PlanId, string CouncilCode, MatchRole Role);
