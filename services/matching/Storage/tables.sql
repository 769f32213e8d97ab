-- The tables of the matching service. Traits and places are sealed; block keys are keyed MACs; nothing here reads as a person.

-- Empty for ever. Encounters lock it ROW EXCLUSIVE, plans SHARE: each kind runs beside its own and never beside the other
-- (docs/decisions/0009-late-plans-and-races.md).
CREATE TABLE matching.plan_or_encounter ();

-- A plan as far as its events have come, in whatever order: facts, end and deletion each know the version they are of.
CREATE TABLE matching.plan (
    plan_id uuid PRIMARY KEY,
    council_code text NOT NULL,
    facts_version bigint NOT NULL,
    end_version bigint NOT NULL,
    deleted_version bigint NOT NULL,
    reference text,
    kind text,
    start_date date,
    end_date date,
    expected_date date,
    deleted boolean NOT NULL,
    -- When the hub was told of the facts now held: what makes a match late.
    known_since timestamptz,
    subject_key text,
    subject bytea,
    mac_key text
);

-- A block key is the first eight bytes of its MAC: two texts that share them by chance only cost a comparison.
CREATE TABLE matching.plan_key (
    mac bigint NOT NULL,
    plan_id uuid NOT NULL,
    PRIMARY KEY (mac, plan_id)
);
CREATE INDEX ix_plan_key_plan_id ON matching.plan_key (plan_id);

-- That there was an encounter, in which version: kept for ever, so that a repeat after the traits are gone is still known as one.
CREATE TABLE matching.encounter (
    encounter_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    day date NOT NULL
);

-- What is known of an encounter while a late plan may still match it. Dropped by the day.
CREATE TABLE matching.encounter_fact (
    day date NOT NULL,
    encounter_id uuid NOT NULL,
    version bigint NOT NULL,
    status text NOT NULL,
    unscheduled boolean NOT NULL,
    started_at timestamptz,
    ended_at timestamptz,
    received_at timestamptz NOT NULL,
    concerns jsonb NOT NULL,
    place_key text NOT NULL,
    place bytea NOT NULL,
    patient_key text NOT NULL,
    patient bytea NOT NULL,
    PRIMARY KEY (encounter_id, day)
) PARTITION BY RANGE (day);

CREATE TABLE matching.encounter_key (
    day date NOT NULL,
    mac bigint NOT NULL,
    encounter_id uuid NOT NULL,
    PRIMARY KEY (mac, encounter_id, day)
) PARTITION BY RANGE (day);

-- What a match or a review needs of its encounter once the above is gone; no trait of the patient.
CREATE TABLE matching.kept_encounter (
    encounter_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    status text NOT NULL,
    unscheduled boolean NOT NULL,
    started_at timestamptz,
    ended_at timestamptz,
    received_at timestamptz NOT NULL,
    concerns jsonb NOT NULL,
    place_key text NOT NULL,
    place bytea NOT NULL
);

-- The ledger: what was decided, when, by which rules, on what evidence. Only ever added to. Decisions that concern no council
-- go with their day (day is 'infinity' for the others).
CREATE TABLE matching.decision (
    day date NOT NULL,
    decision_id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    encounter_version bigint NOT NULL,
    council_code text,
    outcome text NOT NULL,
    late boolean NOT NULL,
    rule_version text NOT NULL,
    evidence jsonb NOT NULL,
    decided_at timestamptz NOT NULL,
    decided_by text,
    reason text,
    PRIMARY KEY (decision_id, day)
) PARTITION BY RANGE (day);
CREATE INDEX ix_decision_encounter_id ON matching.decision (encounter_id);
CREATE TABLE matching.decision_kept PARTITION OF matching.decision FOR VALUES FROM ('infinity') TO (MAXVALUE);

-- What a council has been told of an encounter: the present view of the ledger, with the version of the event published last.
CREATE TABLE matching.council_match (
    encounter_id uuid NOT NULL,
    council_code text NOT NULL,
    version bigint NOT NULL,
    matched boolean NOT NULL,
    plan_ids uuid[] NOT NULL,
    plans jsonb NOT NULL,
    certainty double precision NOT NULL,
    rule_version text NOT NULL,
    late boolean NOT NULL,
    PRIMARY KEY (encounter_id, council_code)
);
CREATE INDEX ix_council_match_plan_ids ON matching.council_match USING gin (plan_ids);

-- What a council is asked: one item per encounter and council, with its own candidates only.
CREATE TABLE matching.review (
    review_id uuid PRIMARY KEY,
    encounter_id uuid NOT NULL,
    council_code text NOT NULL,
    version bigint NOT NULL,
    state text NOT NULL,
    plan_ids uuid[] NOT NULL,
    evidence jsonb NOT NULL,
    posterior double precision NOT NULL,
    rule_version text NOT NULL,
    raised_at timestamptz NOT NULL,
    closed_at timestamptz,
    UNIQUE (encounter_id, council_code)
);
CREATE INDEX ix_review_open ON matching.review (council_code, raised_at) WHERE state = 'open';
CREATE INDEX ix_review_plan_ids ON matching.review USING gin (plan_ids);

-- What a person decided of an encounter and a plan: the pair is never asked again, and no later automatic decision overturns it.
CREATE TABLE matching.verdict (
    encounter_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    council_code text NOT NULL,
    verdict text NOT NULL,
    role text NOT NULL,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (encounter_id, plan_id)
);
