--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: encounter_ingest; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA encounter_ingest;


--
-- Name: matching; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA matching;


--
-- Name: notification; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA notification;


--
-- Name: plan_registry; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA plan_registry;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: __ef_migrations_history; Type: TABLE; Schema: encounter_ingest; Owner: -
--

CREATE TABLE encounter_ingest.__ef_migrations_history (
    "MigrationId" character varying(150) NOT NULL,
    "ProductVersion" character varying(32) NOT NULL
);


--
-- Name: audit_record; Type: TABLE; Schema: encounter_ingest; Owner: -
--

CREATE TABLE encounter_ingest.audit_record (
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    organisation text NOT NULL,
    client_id text NOT NULL,
    act text NOT NULL,
    subject uuid NOT NULL
);


--
-- Name: encounter; Type: TABLE; Schema: encounter_ingest; Owner: -
--

CREATE TABLE encounter_ingest.encounter (
    id uuid NOT NULL,
    organisation text NOT NULL,
    identifier_mac bytea NOT NULL,
    version bigint NOT NULL,
    content_mac bytea NOT NULL,
    last_updated timestamp with time zone,
    first_received_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL
);


--
-- Name: encounter_version; Type: TABLE; Schema: encounter_ingest; Owner: -
--

CREATE TABLE encounter_ingest.encounter_version (
    encounter_id uuid NOT NULL,
    version bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    particulars_key_id text NOT NULL,
    particulars bytea NOT NULL,
    patient_key_id text NOT NULL,
    patient bytea NOT NULL
)
PARTITION BY RANGE (received_at);
ALTER TABLE ONLY encounter_ingest.encounter_version ALTER COLUMN particulars SET STORAGE EXTERNAL;
ALTER TABLE ONLY encounter_ingest.encounter_version ALTER COLUMN patient SET STORAGE EXTERNAL;


--
-- Name: encounter_version_20261124; Type: TABLE; Schema: encounter_ingest; Owner: -
--

CREATE TABLE encounter_ingest.encounter_version_20261124 (
    encounter_id uuid NOT NULL,
    version bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    particulars_key_id text NOT NULL,
    particulars bytea NOT NULL,
    patient_key_id text NOT NULL,
    patient bytea NOT NULL
);
ALTER TABLE ONLY encounter_ingest.encounter_version_20261124 ALTER COLUMN particulars SET STORAGE EXTERNAL;
ALTER TABLE ONLY encounter_ingest.encounter_version_20261124 ALTER COLUMN patient SET STORAGE EXTERNAL;


--
-- Name: encounter_version_20261125; Type: TABLE; Schema: encounter_ingest; Owner: -
--

CREATE TABLE encounter_ingest.encounter_version_20261125 (
    encounter_id uuid NOT NULL,
    version bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    particulars_key_id text NOT NULL,
    particulars bytea NOT NULL,
    patient_key_id text NOT NULL,
    patient bytea NOT NULL
);
ALTER TABLE ONLY encounter_ingest.encounter_version_20261125 ALTER COLUMN particulars SET STORAGE EXTERNAL;
ALTER TABLE ONLY encounter_ingest.encounter_version_20261125 ALTER COLUMN patient SET STORAGE EXTERNAL;


--
-- Name: encounter_version_20261126; Type: TABLE; Schema: encounter_ingest; Owner: -
--

CREATE TABLE encounter_ingest.encounter_version_20261126 (
    encounter_id uuid NOT NULL,
    version bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    particulars_key_id text NOT NULL,
    particulars bytea NOT NULL,
    patient_key_id text NOT NULL,
    patient bytea NOT NULL
);
ALTER TABLE ONLY encounter_ingest.encounter_version_20261126 ALTER COLUMN particulars SET STORAGE EXTERNAL;
ALTER TABLE ONLY encounter_ingest.encounter_version_20261126 ALTER COLUMN patient SET STORAGE EXTERNAL;


--
-- Name: encounter_version_20261127; Type: TABLE; Schema: encounter_ingest; Owner: -
--

CREATE TABLE encounter_ingest.encounter_version_20261127 (
    encounter_id uuid NOT NULL,
    version bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    particulars_key_id text NOT NULL,
    particulars bytea NOT NULL,
    patient_key_id text NOT NULL,
    patient bytea NOT NULL
);
ALTER TABLE ONLY encounter_ingest.encounter_version_20261127 ALTER COLUMN particulars SET STORAGE EXTERNAL;
ALTER TABLE ONLY encounter_ingest.encounter_version_20261127 ALTER COLUMN patient SET STORAGE EXTERNAL;


--
-- Name: encounter_version_20261128; Type: TABLE; Schema: encounter_ingest; Owner: -
--

CREATE TABLE encounter_ingest.encounter_version_20261128 (
    encounter_id uuid NOT NULL,
    version bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    particulars_key_id text NOT NULL,
    particulars bytea NOT NULL,
    patient_key_id text NOT NULL,
    patient bytea NOT NULL
);
ALTER TABLE ONLY encounter_ingest.encounter_version_20261128 ALTER COLUMN particulars SET STORAGE EXTERNAL;
ALTER TABLE ONLY encounter_ingest.encounter_version_20261128 ALTER COLUMN patient SET STORAGE EXTERNAL;


--
-- Name: encounter_version_20261129; Type: TABLE; Schema: encounter_ingest; Owner: -
--

CREATE TABLE encounter_ingest.encounter_version_20261129 (
    encounter_id uuid NOT NULL,
    version bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    particulars_key_id text NOT NULL,
    particulars bytea NOT NULL,
    patient_key_id text NOT NULL,
    patient bytea NOT NULL
);
ALTER TABLE ONLY encounter_ingest.encounter_version_20261129 ALTER COLUMN particulars SET STORAGE EXTERNAL;
ALTER TABLE ONLY encounter_ingest.encounter_version_20261129 ALTER COLUMN patient SET STORAGE EXTERNAL;


--
-- Name: encounter_version_20261130; Type: TABLE; Schema: encounter_ingest; Owner: -
--

CREATE TABLE encounter_ingest.encounter_version_20261130 (
    encounter_id uuid NOT NULL,
    version bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    particulars_key_id text NOT NULL,
    particulars bytea NOT NULL,
    patient_key_id text NOT NULL,
    patient bytea NOT NULL
);
ALTER TABLE ONLY encounter_ingest.encounter_version_20261130 ALTER COLUMN particulars SET STORAGE EXTERNAL;
ALTER TABLE ONLY encounter_ingest.encounter_version_20261130 ALTER COLUMN patient SET STORAGE EXTERNAL;


--
-- Name: encounter_version_20261201; Type: TABLE; Schema: encounter_ingest; Owner: -
--

CREATE TABLE encounter_ingest.encounter_version_20261201 (
    encounter_id uuid NOT NULL,
    version bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    particulars_key_id text NOT NULL,
    particulars bytea NOT NULL,
    patient_key_id text NOT NULL,
    patient bytea NOT NULL
);
ALTER TABLE ONLY encounter_ingest.encounter_version_20261201 ALTER COLUMN particulars SET STORAGE EXTERNAL;
ALTER TABLE ONLY encounter_ingest.encounter_version_20261201 ALTER COLUMN patient SET STORAGE EXTERNAL;


--
-- Name: encounter_version_20261202; Type: TABLE; Schema: encounter_ingest; Owner: -
--

CREATE TABLE encounter_ingest.encounter_version_20261202 (
    encounter_id uuid NOT NULL,
    version bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    particulars_key_id text NOT NULL,
    particulars bytea NOT NULL,
    patient_key_id text NOT NULL,
    patient bytea NOT NULL
);
ALTER TABLE ONLY encounter_ingest.encounter_version_20261202 ALTER COLUMN particulars SET STORAGE EXTERNAL;
ALTER TABLE ONLY encounter_ingest.encounter_version_20261202 ALTER COLUMN patient SET STORAGE EXTERNAL;


--
-- Name: inbox; Type: TABLE; Schema: encounter_ingest; Owner: -
--

CREATE TABLE encounter_ingest.inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL
);


--
-- Name: outbox; Type: TABLE; Schema: encounter_ingest; Owner: -
--

CREATE TABLE encounter_ingest.outbox (
    id uuid NOT NULL,
    event_type text NOT NULL,
    body bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    awaiting text[] NOT NULL,
    next_attempt_at timestamp with time zone NOT NULL,
    attempts integer NOT NULL,
    sent_at timestamp with time zone
);


--
-- Name: parked_message; Type: TABLE; Schema: encounter_ingest; Owner: -
--

CREATE TABLE encounter_ingest.parked_message (
    id uuid NOT NULL,
    consumer text NOT NULL,
    event_type text,
    event_id uuid,
    body bytea NOT NULL,
    reason text NOT NULL,
    exception_type text,
    parked_at timestamp with time zone NOT NULL,
    replayed_at timestamp with time zone
);


--
-- Name: site; Type: TABLE; Schema: encounter_ingest; Owner: -
--

CREATE TABLE encounter_ingest.site (
    organisation text NOT NULL,
    ods text NOT NULL,
    name text NOT NULL,
    setting text NOT NULL,
    phone text,
    changed_at timestamp with time zone NOT NULL
);


--
-- Name: __ef_migrations_history; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.__ef_migrations_history (
    "MigrationId" character varying(150) NOT NULL,
    "ProductVersion" character varying(32) NOT NULL
);


--
-- Name: audit_record; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.audit_record (
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    organisation text NOT NULL,
    client_id text NOT NULL,
    act text NOT NULL,
    subject uuid NOT NULL
);


--
-- Name: council_match; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.council_match (
    encounter_id uuid NOT NULL,
    council_code text NOT NULL,
    version bigint NOT NULL,
    matched boolean NOT NULL,
    plan_ids uuid[] NOT NULL,
    plans jsonb NOT NULL,
    certainty double precision NOT NULL,
    rule_version text NOT NULL,
    late boolean NOT NULL
);


--
-- Name: decision; Type: TABLE; Schema: matching; Owner: -
--

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
    decided_at timestamp with time zone NOT NULL,
    decided_by text,
    reason text
)
PARTITION BY RANGE (day);


--
-- Name: decision_20261125; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.decision_20261125 (
    day date NOT NULL,
    decision_id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    encounter_version bigint NOT NULL,
    council_code text,
    outcome text NOT NULL,
    late boolean NOT NULL,
    rule_version text NOT NULL,
    evidence jsonb NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    decided_by text,
    reason text
);


--
-- Name: decision_20261126; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.decision_20261126 (
    day date NOT NULL,
    decision_id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    encounter_version bigint NOT NULL,
    council_code text,
    outcome text NOT NULL,
    late boolean NOT NULL,
    rule_version text NOT NULL,
    evidence jsonb NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    decided_by text,
    reason text
);


--
-- Name: decision_kept; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.decision_kept (
    day date NOT NULL,
    decision_id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    encounter_version bigint NOT NULL,
    council_code text,
    outcome text NOT NULL,
    late boolean NOT NULL,
    rule_version text NOT NULL,
    evidence jsonb NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    decided_by text,
    reason text
);


--
-- Name: encounter; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.encounter (
    encounter_id uuid NOT NULL,
    version bigint NOT NULL,
    day date NOT NULL
);


--
-- Name: encounter_fact; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.encounter_fact (
    day date NOT NULL,
    encounter_id uuid NOT NULL,
    version bigint NOT NULL,
    status text NOT NULL,
    unscheduled boolean NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    received_at timestamp with time zone NOT NULL,
    concerns jsonb NOT NULL,
    place_key text NOT NULL,
    place bytea NOT NULL,
    patient_key text NOT NULL,
    patient bytea NOT NULL
)
PARTITION BY RANGE (day);


--
-- Name: encounter_fact_20261125; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.encounter_fact_20261125 (
    day date NOT NULL,
    encounter_id uuid NOT NULL,
    version bigint NOT NULL,
    status text NOT NULL,
    unscheduled boolean NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    received_at timestamp with time zone NOT NULL,
    concerns jsonb NOT NULL,
    place_key text NOT NULL,
    place bytea NOT NULL,
    patient_key text NOT NULL,
    patient bytea NOT NULL
);


--
-- Name: encounter_fact_20261126; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.encounter_fact_20261126 (
    day date NOT NULL,
    encounter_id uuid NOT NULL,
    version bigint NOT NULL,
    status text NOT NULL,
    unscheduled boolean NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    received_at timestamp with time zone NOT NULL,
    concerns jsonb NOT NULL,
    place_key text NOT NULL,
    place bytea NOT NULL,
    patient_key text NOT NULL,
    patient bytea NOT NULL
);


--
-- Name: encounter_key; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.encounter_key (
    day date NOT NULL,
    mac bigint NOT NULL,
    encounter_id uuid NOT NULL
)
PARTITION BY RANGE (day);


--
-- Name: encounter_key_20261125; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.encounter_key_20261125 (
    day date NOT NULL,
    mac bigint NOT NULL,
    encounter_id uuid NOT NULL
);


--
-- Name: encounter_key_20261126; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.encounter_key_20261126 (
    day date NOT NULL,
    mac bigint NOT NULL,
    encounter_id uuid NOT NULL
);


--
-- Name: inbox; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL
);


--
-- Name: kept_encounter; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.kept_encounter (
    encounter_id uuid NOT NULL,
    version bigint NOT NULL,
    status text NOT NULL,
    unscheduled boolean NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    received_at timestamp with time zone NOT NULL,
    concerns jsonb NOT NULL,
    place_key text NOT NULL,
    place bytea NOT NULL
);


--
-- Name: outbox; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.outbox (
    id uuid NOT NULL,
    event_type text NOT NULL,
    body bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    awaiting text[] NOT NULL,
    next_attempt_at timestamp with time zone NOT NULL,
    attempts integer NOT NULL,
    sent_at timestamp with time zone
);


--
-- Name: parked_message; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.parked_message (
    id uuid NOT NULL,
    consumer text NOT NULL,
    event_type text,
    event_id uuid,
    body bytea NOT NULL,
    reason text NOT NULL,
    exception_type text,
    parked_at timestamp with time zone NOT NULL,
    replayed_at timestamp with time zone
);


--
-- Name: plan; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.plan (
    plan_id uuid NOT NULL,
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
    known_since timestamp with time zone,
    subject_key text,
    subject bytea,
    mac_key text
);


--
-- Name: plan_key; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.plan_key (
    mac bigint NOT NULL,
    plan_id uuid NOT NULL
);


--
-- Name: plan_or_encounter; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.plan_or_encounter (
);


--
-- Name: review; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.review (
    review_id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    council_code text NOT NULL,
    version bigint NOT NULL,
    state text NOT NULL,
    plan_ids uuid[] NOT NULL,
    evidence jsonb NOT NULL,
    posterior double precision NOT NULL,
    rule_version text NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone
);


--
-- Name: verdict; Type: TABLE; Schema: matching; Owner: -
--

CREATE TABLE matching.verdict (
    encounter_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    council_code text NOT NULL,
    verdict text NOT NULL,
    role text NOT NULL,
    decided_at timestamp with time zone NOT NULL
);


--
-- Name: __ef_migrations_history; Type: TABLE; Schema: notification; Owner: -
--

CREATE TABLE notification.__ef_migrations_history (
    "MigrationId" character varying(150) NOT NULL,
    "ProductVersion" character varying(32) NOT NULL
);


--
-- Name: alert; Type: TABLE; Schema: notification; Owner: -
--

CREATE TABLE notification.alert (
    id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    council_code text NOT NULL,
    match_version bigint NOT NULL,
    version bigint NOT NULL,
    state text NOT NULL,
    news text NOT NULL,
    change text,
    in_feed boolean NOT NULL,
    disclosed boolean NOT NULL,
    raised_at timestamp with time zone,
    plans jsonb NOT NULL,
    certainty double precision NOT NULL,
    rule_version text NOT NULL,
    late boolean NOT NULL,
    encounter_status text NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    received_at timestamp with time zone NOT NULL,
    concerns jsonb NOT NULL,
    place_key_id text,
    place_value bytea,
    lease_id uuid,
    leased_until timestamp with time zone,
    claimed_version bigint,
    settled_at timestamp with time zone,
    settled_by text,
    settled_by_kind text,
    refusal_reason text,
    withdrawn_at timestamp with time zone,
    withdrawal_reason text,
    trace_parent text
);


--
-- Name: alert_entry; Type: TABLE; Schema: notification; Owner: -
--

CREATE TABLE notification.alert_entry (
    id uuid NOT NULL,
    alert_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    deed text NOT NULL,
    version bigint NOT NULL,
    by_kind text NOT NULL,
    by text,
    subscription text,
    note text
);


--
-- Name: audit_record; Type: TABLE; Schema: notification; Owner: -
--

CREATE TABLE notification.audit_record (
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    organisation text NOT NULL,
    client_id text NOT NULL,
    act text NOT NULL,
    subject uuid NOT NULL
);


--
-- Name: council; Type: TABLE; Schema: notification; Owner: -
--

CREATE TABLE notification.council (
    code text NOT NULL,
    version bigint NOT NULL,
    name text NOT NULL,
    office_phone text NOT NULL,
    emergency_duty_phone text NOT NULL,
    calendar jsonb NOT NULL
);


--
-- Name: delivery; Type: TABLE; Schema: notification; Owner: -
--

CREATE TABLE notification.delivery (
    id uuid NOT NULL,
    subscription_id uuid NOT NULL,
    council_code text NOT NULL,
    alert_id uuid NOT NULL,
    alert_version bigint NOT NULL,
    event_type text NOT NULL,
    body bytea NOT NULL,
    body_key_id text,
    state text NOT NULL,
    attempts integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    measured_from timestamp with time zone,
    next_attempt_at timestamp with time zone NOT NULL,
    leased_until timestamp with time zone,
    ended_at timestamp with time zone,
    last_outcome text,
    trace_parent text
);


--
-- Name: delivery_attempt; Type: TABLE; Schema: notification; Owner: -
--

CREATE TABLE notification.delivery_attempt (
    id bigint NOT NULL,
    delivery_id uuid NOT NULL,
    subscription_id uuid NOT NULL,
    number integer NOT NULL,
    endpoint text NOT NULL,
    at timestamp with time zone NOT NULL,
    duration_ms integer NOT NULL,
    outcome text NOT NULL,
    status integer,
    next_attempt_at timestamp with time zone
);


--
-- Name: delivery_attempt_id_seq; Type: SEQUENCE; Schema: notification; Owner: -
--

ALTER TABLE notification.delivery_attempt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME notification.delivery_attempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: inbox; Type: TABLE; Schema: notification; Owner: -
--

CREATE TABLE notification.inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL
);


--
-- Name: outbox; Type: TABLE; Schema: notification; Owner: -
--

CREATE TABLE notification.outbox (
    id uuid NOT NULL,
    event_type text NOT NULL,
    body bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    awaiting text[] NOT NULL,
    next_attempt_at timestamp with time zone NOT NULL,
    attempts integer NOT NULL,
    sent_at timestamp with time zone
);


--
-- Name: parked_message; Type: TABLE; Schema: notification; Owner: -
--

CREATE TABLE notification.parked_message (
    id uuid NOT NULL,
    consumer text NOT NULL,
    event_type text,
    event_id uuid,
    body bytea NOT NULL,
    reason text NOT NULL,
    exception_type text,
    parked_at timestamp with time zone NOT NULL,
    replayed_at timestamp with time zone
);


--
-- Name: subscription; Type: TABLE; Schema: notification; Owner: -
--

CREATE TABLE notification.subscription (
    id uuid NOT NULL,
    council_code text NOT NULL,
    name text NOT NULL,
    url text NOT NULL,
    payload text NOT NULL,
    enabled boolean NOT NULL,
    secret_key_id text NOT NULL,
    secret_value bytea NOT NULL,
    former_secret_key_id text,
    former_secret_value bytea,
    former_secret_until timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL
);


--
-- Name: __ef_migrations_history; Type: TABLE; Schema: plan_registry; Owner: -
--

CREATE TABLE plan_registry.__ef_migrations_history (
    "MigrationId" character varying(150) NOT NULL,
    "ProductVersion" character varying(32) NOT NULL
);


--
-- Name: audit_record; Type: TABLE; Schema: plan_registry; Owner: -
--

CREATE TABLE plan_registry.audit_record (
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    organisation text NOT NULL,
    client_id text NOT NULL,
    act text NOT NULL,
    subject uuid NOT NULL
);


--
-- Name: council; Type: TABLE; Schema: plan_registry; Owner: -
--

CREATE TABLE plan_registry.council (
    code text NOT NULL,
    id uuid NOT NULL,
    version bigint NOT NULL,
    name text NOT NULL,
    office_phone text NOT NULL,
    emergency_duty_phone text NOT NULL,
    office_hours jsonb NOT NULL,
    bank_holidays date[] NOT NULL,
    changed_at timestamp with time zone NOT NULL
);


--
-- Name: inbox; Type: TABLE; Schema: plan_registry; Owner: -
--

CREATE TABLE plan_registry.inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL
);


--
-- Name: outbox; Type: TABLE; Schema: plan_registry; Owner: -
--

CREATE TABLE plan_registry.outbox (
    id uuid NOT NULL,
    event_type text NOT NULL,
    body bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    awaiting text[] NOT NULL,
    next_attempt_at timestamp with time zone NOT NULL,
    attempts integer NOT NULL,
    sent_at timestamp with time zone
);


--
-- Name: parked_message; Type: TABLE; Schema: plan_registry; Owner: -
--

CREATE TABLE plan_registry.parked_message (
    id uuid NOT NULL,
    consumer text NOT NULL,
    event_type text,
    event_id uuid,
    body bytea NOT NULL,
    reason text NOT NULL,
    exception_type text,
    parked_at timestamp with time zone NOT NULL,
    replayed_at timestamp with time zone
);


--
-- Name: plan; Type: TABLE; Schema: plan_registry; Owner: -
--

CREATE TABLE plan_registry.plan (
    id uuid NOT NULL,
    council_code text NOT NULL,
    reference text NOT NULL,
    version bigint NOT NULL,
    kind text NOT NULL,
    start_date date NOT NULL,
    end_date date,
    expected_date date,
    subject bytea,
    subject_key_id text,
    nhs_number_mac bytea,
    facts_mac bytea,
    has_mother boolean NOT NULL,
    registered_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by_upload uuid,
    deleted_at timestamp with time zone
);


--
-- Name: upload; Type: TABLE; Schema: plan_registry; Owner: -
--

CREATE TABLE plan_registry.upload (
    id uuid NOT NULL,
    council_code text NOT NULL,
    client_id text NOT NULL,
    sequence bigint NOT NULL,
    mode text NOT NULL,
    dry_run boolean NOT NULL,
    format text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    content_hash bytea,
    finished_at timestamp with time zone,
    decided_by text,
    failure_code text,
    failure_words text,
    attempts integer NOT NULL,
    lines integer NOT NULL,
    lines_done integer NOT NULL,
    last_line integer NOT NULL,
    registered integer NOT NULL,
    amended integer NOT NULL,
    ended integer NOT NULL,
    deleted integer NOT NULL,
    unchanged integer NOT NULL,
    not_kept integer NOT NULL,
    refused integer NOT NULL,
    unreadable integer NOT NULL,
    running integer NOT NULL,
    missing integer NOT NULL,
    missing_ended integer NOT NULL
);


--
-- Name: upload_ending; Type: TABLE; Schema: plan_registry; Owner: -
--

CREATE TABLE plan_registry.upload_ending (
    upload_id uuid NOT NULL,
    reference text NOT NULL,
    plan_id uuid NOT NULL,
    plan_version bigint NOT NULL,
    done boolean NOT NULL
);


--
-- Name: upload_line; Type: TABLE; Schema: plan_registry; Owner: -
--

CREATE TABLE plan_registry.upload_line (
    upload_id uuid NOT NULL,
    line integer NOT NULL,
    deed text NOT NULL,
    reference text,
    reference_is_sure boolean NOT NULL,
    kind text,
    start_date date,
    end_date date,
    expected_date date,
    subject bytea,
    subject_key_id text,
    nhs_number_mac bytea,
    facts_mac bytea,
    has_mother boolean NOT NULL,
    speaks_of_mother boolean NOT NULL,
    outcome text,
    faults jsonb
);


--
-- Name: encounter_version_20261124; Type: TABLE ATTACH; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version ATTACH PARTITION encounter_ingest.encounter_version_20261124 FOR VALUES FROM ('2026-11-24 00:00:00+00') TO ('2026-11-25 00:00:00+00');


--
-- Name: encounter_version_20261125; Type: TABLE ATTACH; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version ATTACH PARTITION encounter_ingest.encounter_version_20261125 FOR VALUES FROM ('2026-11-25 00:00:00+00') TO ('2026-11-26 00:00:00+00');


--
-- Name: encounter_version_20261126; Type: TABLE ATTACH; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version ATTACH PARTITION encounter_ingest.encounter_version_20261126 FOR VALUES FROM ('2026-11-26 00:00:00+00') TO ('2026-11-27 00:00:00+00');


--
-- Name: encounter_version_20261127; Type: TABLE ATTACH; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version ATTACH PARTITION encounter_ingest.encounter_version_20261127 FOR VALUES FROM ('2026-11-27 00:00:00+00') TO ('2026-11-28 00:00:00+00');


--
-- Name: encounter_version_20261128; Type: TABLE ATTACH; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version ATTACH PARTITION encounter_ingest.encounter_version_20261128 FOR VALUES FROM ('2026-11-28 00:00:00+00') TO ('2026-11-29 00:00:00+00');


--
-- Name: encounter_version_20261129; Type: TABLE ATTACH; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version ATTACH PARTITION encounter_ingest.encounter_version_20261129 FOR VALUES FROM ('2026-11-29 00:00:00+00') TO ('2026-11-30 00:00:00+00');


--
-- Name: encounter_version_20261130; Type: TABLE ATTACH; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version ATTACH PARTITION encounter_ingest.encounter_version_20261130 FOR VALUES FROM ('2026-11-30 00:00:00+00') TO ('2026-12-01 00:00:00+00');


--
-- Name: encounter_version_20261201; Type: TABLE ATTACH; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version ATTACH PARTITION encounter_ingest.encounter_version_20261201 FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2026-12-02 00:00:00+00');


--
-- Name: encounter_version_20261202; Type: TABLE ATTACH; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version ATTACH PARTITION encounter_ingest.encounter_version_20261202 FOR VALUES FROM ('2026-12-02 00:00:00+00') TO ('2026-12-03 00:00:00+00');


--
-- Name: decision_20261125; Type: TABLE ATTACH; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.decision ATTACH PARTITION matching.decision_20261125 FOR VALUES FROM ('2026-11-25') TO ('2026-11-26');


--
-- Name: decision_20261126; Type: TABLE ATTACH; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.decision ATTACH PARTITION matching.decision_20261126 FOR VALUES FROM ('2026-11-26') TO ('2026-11-27');


--
-- Name: decision_kept; Type: TABLE ATTACH; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.decision ATTACH PARTITION matching.decision_kept FOR VALUES FROM ('infinity') TO (MAXVALUE);


--
-- Name: encounter_fact_20261125; Type: TABLE ATTACH; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.encounter_fact ATTACH PARTITION matching.encounter_fact_20261125 FOR VALUES FROM ('2026-11-25') TO ('2026-11-26');


--
-- Name: encounter_fact_20261126; Type: TABLE ATTACH; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.encounter_fact ATTACH PARTITION matching.encounter_fact_20261126 FOR VALUES FROM ('2026-11-26') TO ('2026-11-27');


--
-- Name: encounter_key_20261125; Type: TABLE ATTACH; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.encounter_key ATTACH PARTITION matching.encounter_key_20261125 FOR VALUES FROM ('2026-11-25') TO ('2026-11-26');


--
-- Name: encounter_key_20261126; Type: TABLE ATTACH; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.encounter_key ATTACH PARTITION matching.encounter_key_20261126 FOR VALUES FROM ('2026-11-26') TO ('2026-11-27');


--
-- Data for Name: __ef_migrations_history; Type: TABLE DATA; Schema: encounter_ingest; Owner: -
--

INSERT INTO encounter_ingest.__ef_migrations_history VALUES ('20261122212259_Initial', '10.0.15');
INSERT INTO encounter_ingest.__ef_migrations_history VALUES ('20261122212300_VersionsByDay', '10.0.15');


--
-- Data for Name: audit_record; Type: TABLE DATA; Schema: encounter_ingest; Owner: -
--

INSERT INTO encounter_ingest.audit_record VALUES ('01a214bd-77f3-71fc-9bf5-90f266781477', '2026-11-25 22:04:51.059901+00', 'RZ1', 'meadowbank-shell', 'encounter.submit', '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO encounter_ingest.audit_record VALUES ('01a214bd-7d89-7a54-a11c-833af25f7f27', '2026-11-25 22:04:52.489508+00', 'RZ1', 'meadowbank-shell', 'encounter.submit', '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO encounter_ingest.audit_record VALUES ('01a214bd-ad50-7310-a68e-34d143b0b08f', '2026-11-25 22:05:04.720446+00', 'RZ1', 'meadowbank-shell', 'encounter.submit', '01a214bd-ad50-7c95-9f25-6e47486326d1');
INSERT INTO encounter_ingest.audit_record VALUES ('01a214bd-b23f-7e26-acac-946a2e33d55d', '2026-11-25 22:05:05.983061+00', 'RZ1', 'meadowbank-shell', 'encounter.submit', '01a214bd-b23f-736d-bf43-b673e4c1ce32');
INSERT INTO encounter_ingest.audit_record VALUES ('01a214bd-cc13-76bc-b716-ebfb429b90b3', '2026-11-25 22:05:12.595684+00', 'RZ1', 'meadowbank-shell', 'encounter.submit', '01a214bd-cc13-7819-943c-32dcac8a1a70');
INSERT INTO encounter_ingest.audit_record VALUES ('01a214bd-cf03-718c-bb58-a685168aac97', '2026-11-25 22:05:13.347683+00', 'RZ1', 'meadowbank-shell', 'encounter.submit', '01a214bd-cf03-7f39-83fb-637ec2e7c01d');
INSERT INTO encounter_ingest.audit_record VALUES ('01a214bd-e70a-74da-a177-0d98fd915a31', '2026-11-25 22:05:19.49898+00', 'RZ1', 'meadowbank-shell', 'encounter.submit', '01a214bd-e70a-7d9c-a6bb-b0d5116f5d4b');
INSERT INTO encounter_ingest.audit_record VALUES ('01a214bd-e954-7230-8842-5facb431c14f', '2026-11-25 22:05:20.084019+00', 'RZ1', 'meadowbank-shell', 'encounter.submit', '01a214bd-e954-748c-aef6-a506f3ae0d85');


--
-- Data for Name: encounter; Type: TABLE DATA; Schema: encounter_ingest; Owner: -
--

INSERT INTO encounter_ingest.encounter VALUES ('01a214bd-77f3-71a0-bb52-48dc4dc1c6c5', 'RZ1', '\x459d9adf01cba5ccf26872eb739e527efdc2b6c8003358fdfec56db81a89ae3e', 1, '\xab1f1ae922d0356e6bcc1cd4c33c33f16eb3f1991368349d02e43ec3ad82e698', NULL, '2026-11-25 22:04:51.059901+00', '2026-11-25 22:04:51.059901+00');
INSERT INTO encounter_ingest.encounter VALUES ('01a214bd-7d89-7f19-9aac-cb8456fa788b', 'RZ1', '\xee39724782bf684f87bdc9f2719e34b0737b9f08dfbfeb7d848814c70ce902db', 1, '\xd0457f68388bea2849d35d9760ce5fd6b10560ce7ba50b022e6f69ddcb0f2d1b', NULL, '2026-11-25 22:04:52.489508+00', '2026-11-25 22:04:52.489508+00');
INSERT INTO encounter_ingest.encounter VALUES ('01a214bd-ad50-7c95-9f25-6e47486326d1', 'RZ1', '\x2671c07a3a67c9da8af6ef7295b90019266bde28f6d8ac3674eefc58645d38f3', 1, '\x10bc686280846ebc04e1ce0a19e217a04bc57acbb58b5ddf430adb1825e56482', NULL, '2026-11-25 22:05:04.720446+00', '2026-11-25 22:05:04.720446+00');
INSERT INTO encounter_ingest.encounter VALUES ('01a214bd-b23f-736d-bf43-b673e4c1ce32', 'RZ1', '\xfd2e1a668cf6b29218e7f7752e53fc11c8751ecd264cc7185c2557eecad90241', 1, '\xd00b8cfc00134dd6a7fbf5881f6ba09b08a22df599c3b153d12933cf52c7a946', NULL, '2026-11-25 22:05:05.983061+00', '2026-11-25 22:05:05.983061+00');
INSERT INTO encounter_ingest.encounter VALUES ('01a214bd-cc13-7819-943c-32dcac8a1a70', 'RZ1', '\x39abb5e1a704806404ec407b7846faf55ab400c8da8c8a7e848f99398b1583bb', 1, '\x83c09c437c482beeb30cefaf1ed3f0e07997956e3a84c9e898efdef577f24533', NULL, '2026-11-25 22:05:12.595684+00', '2026-11-25 22:05:12.595684+00');
INSERT INTO encounter_ingest.encounter VALUES ('01a214bd-cf03-7f39-83fb-637ec2e7c01d', 'RZ1', '\x5503ec54f7cb365593357229515bccdebb686d4c04c7b18ee1fd3edc8d16341a', 1, '\x1fc83ffe622e7ea3f34ef1e7b305de1e9ada8c2ba165524fe3866cf5b572ce66', NULL, '2026-11-25 22:05:13.347683+00', '2026-11-25 22:05:13.347683+00');
INSERT INTO encounter_ingest.encounter VALUES ('01a214bd-e70a-7d9c-a6bb-b0d5116f5d4b', 'RZ1', '\xdf4a882da1f0628804e8268ace27e08059e460d8f59509377b5f7a3f5aa57b2c', 1, '\x89b4384e5ddd4264b6ba1b5e4a284384a2afd05dd4baafe39148910db4a2cdba', NULL, '2026-11-25 22:05:19.49898+00', '2026-11-25 22:05:19.49898+00');
INSERT INTO encounter_ingest.encounter VALUES ('01a214bd-e954-748c-aef6-a506f3ae0d85', 'RZ1', '\xbca57ae68807a78634de516d45cc4272165174eb48bd9e76c1791eb32e188a78', 1, '\xf481242ad9657a79428d4d94acb839e1a74319ffa0374e5a244cd3576522cf03', NULL, '2026-11-25 22:05:20.084019+00', '2026-11-25 22:05:20.084019+00');


--
-- Data for Name: encounter_version_20261124; Type: TABLE DATA; Schema: encounter_ingest; Owner: -
--



--
-- Data for Name: encounter_version_20261125; Type: TABLE DATA; Schema: encounter_ingest; Owner: -
--

INSERT INTO encounter_ingest.encounter_version_20261125 VALUES ('01a214bd-77f3-71a0-bb52-48dc4dc1c6c5', 1, '2026-11-25 22:04:51.059901+00', 's1', '\x3ebdf124939dc3a1dc085ed87b5730ad8d64656ed9a7f1a2ad804762eb8900c95d9f9b1f0ca9034c539140eaf8e12cb296928ca85b097ba3cc76afded624e89d6cd7ecb8ff29ac84cd94ddbf7969a729fd635af777dc58d1367d8dd318a0fae806ddc9e417f7ee9e1180d23db765cc19b815f0c4b497adcc5b2feaa68e870c2c494319e7e9f1a96c6bf88cf79ca17779f73d05096db88bc872465ed608d4d56e6095de452c9ede28c0cb1ca0de9b07439daaa5ce3df132380bb4b4e5134f4168c8876fe76c4592541cdccf74c2511efa6e2d3deb2201762270c64cdcd4fd8ed3a4fbe2994eee4c54034dac42fe07c86a2ba82a268afc70a2675a4ee2ce5c378eed5bcad7d8f20fb1a3fe', 's1', '\x8c010def861511bc261ee2374426f30d0d4dcc960c3ec79cbcd9598429e38e3f33cca6aa137ed261230436136684fa2dc667e6f95269000ec6b351326411ebd910e2735b1da809dae812f38804b1d00b8cb9631ee922d6ba66e8ea9199776ed094615dccf199e43e69ebf9b891352da64f803154e1cc8c8f3c5ea857e84f2556a37526ad37fba4f63ee925b73a1e8c660ca55ace8f162c1c147c41417eac68e6b3743be156ff492ebdd0b0634b141927ef13a5ffd26fe144cc55e5feab126f3c2c1bfd1c7e186a6c7bb6a6f41695896e910064a26244342b59');
INSERT INTO encounter_ingest.encounter_version_20261125 VALUES ('01a214bd-7d89-7f19-9aac-cb8456fa788b', 1, '2026-11-25 22:04:52.489508+00', 's1', '\x444689c5348f1a28f0e1007c03c2bb2355396497909c8656452ba4f4bb421ef6f1464dabca77cd8bb4a5dc60344cec667a3cc65c3917c5e7d4ca4c8359b9178d14c073f89e2a0659a3ccbcccac7fc93a5c67e6158891c295aaf910d98f6ab5e0e973b6f12d961bee93f173d1428e9e33046aa72389c33fd989bb3216c1433ae0d3bc420545f1183d39e604b2b2baee4531c71ded536ea599c610a87838f994228a3f94b0c10fc9c12eee926a8cd2425c586eb4f42eeb1460932736f7de4262c42eab49e9e01aac76a2486639135d589b034cd73725b263bcc891370fbf80c4d601db883ba6b06ec449aed64d850c1206e5731b51b24e0de13da965758ba42954f983c8b5c97b9f38946a', 's1', '\x8f46df1fd039d7df972464c144157a98331c4197174325cf947046cdc38946edecdc815957260fccb9cf2b0f22a028add08d6515ec51d2abbb53216844c1311bfc6db87f1f13c4bc0e11eebc8d1c7abeae7a2e6244f57152863bb001733a5e6b896ce6eee8543896df718dad584d25ac6243fb18efc3cf879990ee4d5e5648fd9a88bf6bfde9476be10088a217731be4f8a04646db5f82318aada35a00041ac6b237a0068f0640e0a66e0c5841618848d2f85f44072c8ab0771cf04d8ad7e1a916f7041e7c68092ece6a5ada02ca0b1ef2e1d7110dd405b72f');
INSERT INTO encounter_ingest.encounter_version_20261125 VALUES ('01a214bd-ad50-7c95-9f25-6e47486326d1', 1, '2026-11-25 22:05:04.720446+00', 's1', '\xb49763147832c0e0639c1cc67d9a6e0608100cd8d1f2644f6fceddd39a3710b61f8f2b4e1c98ca2f796a487a01cbe821c521b210955faa0219baafb6ed776682d0aa30222c9ddb25d4e1d7b053377b37f7c55dc86ee5fe929a99951018586ff1f9cd599fa896cf4bf3048270c5c344c90333a73348e9eead6333fb40c3ea51be9b626616d4b7724aa537a2441c64956b54f3d7c2971638824b71d916f7f7b5d472e5de251ebc083fd7b5cb59ca83d61cece9030e44c351ac33fe08dc383bfd15278fd11d2f04b91f65100469c9d141039d5c22e14caf330f42c8566d1f7a2e012de91c07d58cd0fea14befa70311d662d75e3c8f62cabaca83a7cb96b1740d6527556bd8509b05a6fb98', 's1', '\xaf8d64be67af70f458e19f9cf4a35ae0119aa960214b8bdaae2d1f84c870eeb9ed6c19402745780daf1fc191e99bf03363c3b610037a9a37526a472ee48ca2e86188d87a109763b28ceba939a3e1138639994d2c6c66e785ec9dd37e7f45109569ff52254197977a75a30c1539a801027136c325d6a3f2dd5213c6e41a75c186e54fe40a7dd2b34fc7eb24a5d51acae3e0045f606ee94a264ce88836655806761e1f747b755158bf65ca01faf8ae19d755f102e001ad43fa33999ddd3e57c7fda35c67f98ee6a0745ef3b4c31cb86c9948f2dd3d6ac7a4eb94');
INSERT INTO encounter_ingest.encounter_version_20261125 VALUES ('01a214bd-b23f-736d-bf43-b673e4c1ce32', 1, '2026-11-25 22:05:05.983061+00', 's1', '\x4fe10a6b56d23bb33f1edb0415eeb2d1bfc99adc8b8f15bb22e9c17125cf2785f2bcf2f59eec7f1366c75082cb5eaf27a6ea4ff778a3d533e31e53f58f775eeaaf2683c4dae68f90bd8304fdc5e1bfd2ba91aaa05e0d489df1327b2b97075be92597f5d5b25ac04a0d667be4fcc999a0190437d46ba5b1dd057e8305cc95bee81bb1e14ec51a14692194cd3e89ef822d32f43d7961ad79c124c42b18bf807c0711fd641947d198984780884cc55f4b634765ec533c47ee0e3a053ad7e72938e25ba45ff25dbb0cd2b9b1f6f28dcefa035718103fc15936a282927ae52c94155956a92ba163ff45b12ce37bb12c651465317c47737fee819a7eb87745ee47e69b9a7840a83c1abd97bca1', 's1', '\xf9a3a06ee8be48328cb189ceee32404158bd42bae8d0df67e3aec50e5e103ba4ee8434fdc5351e99f7104a42b6752f7aff696737f21b0805e7ab1866dee95fe8178c4b919939b4235eba83d25deeac22ac132d552f769bb8cc71c5fe0104aca35a6e751ba4ad7e812b7b59a376f12a93607765bae33acd18143a6c49f2db158cdbb6d183990e02ed9fadf571da62d6ad6914127daff33d4425765fac22684129d9dc3a402b03b50772de3ec607fe97c3d5db07479ebe9192c935d3094be578d2f22434207b2f205ecc18660eafd9139de1099b7047b3eabe7e');
INSERT INTO encounter_ingest.encounter_version_20261125 VALUES ('01a214bd-cc13-7819-943c-32dcac8a1a70', 1, '2026-11-25 22:05:12.595684+00', 's1', '\xd3b7a318ac42fa7397a22fe3f1d83bfbe65f16b36882b21fc9440cef23424ea5551b05a4e2a44b8423d30ed8d1a4635c087f939e27bf4ea53dfe25992c0375451690d4566ec536093500b06ec10629366101e7752bd8b7f40c8166a66112f4b0581ce9fa0a58d1cddbeb89fc3e72c040ea4543b93828c87229b06caf453af6e5c441f452269b05c93ea5ff9c23dfe96bc205f5354a25d4e7f73b43178a295572dcd23fe3b502b2e557c3d3749dbdcf6c17fe96dac1382a8328d4b862715127972878fb378ced3cfe9154fdc5d4f40ac1970d4cfb4b2f78866af25913264110dbd6cf7956378c28eadaa723ab2e55079ae65c6e9467ff74c90d2a9c63ca62cb4b5b398d37fe0dc9163446', 's1', '\x9347451590a509320184afa293fae384fd4bf416754cbe1447da9020fb878774dc0802c83c056104d3fbfae995ad9eb702f6b3f124358a4f529b119a87191e9f9b273fd2904c08a650f1caec3c5f0132f0df2e25d8697de9564948e0f89c293b0a82ed47a99261c4af94c19a78f499cb9a99374bfc078f9422d743a905279064b4daade2e23a261dc8730978caa3bed40360e75f1e9f680a794092febaf7494c4d3f79978898bb8fb1b4411093bd6f7887df4fb35a9b72b86e95f697a56c8f20e0a7f730b9fcd49a7373ffd39f4825a4540f05a1e2bae0a401');
INSERT INTO encounter_ingest.encounter_version_20261125 VALUES ('01a214bd-cf03-7f39-83fb-637ec2e7c01d', 1, '2026-11-25 22:05:13.347683+00', 's1', '\x9ee087ebcc8e0e92b7777bd2575d6436e9368f18fd19ad60ab4ec67be7aff5010beaf0a81c19b7cebf69822d81cb72983eb86cc3f92530e9ce0e63cbea1dadf2f51a46286957e8c67854a0a380b91e00a6f607f6bd19234d5636ee7fe62c02df484284b83d90d4e6d676b132bcb596e7306fe7d5baf15c6f9b0418ca335fb62e70999c4e271755b88eaecb4b5820d8862f883193972fb61339d4817d0f812ef81f06e2174af0913e50722e3abe1fe98b0175c587933abdbea84fb6d588db564b86096548f3998cd22ab3d003285da226fe21a7613954697512d4cf9d1ddbf18fe374a584500aae04f30d07b99d5f706cb53aa1ff93028040cfcb2e63fda644ec3998a20027fe82cf4b68', 's1', '\x8d5bb5e42a4addc97f319c38b6e8691dd3a845ebf0bf94c3efc2811c5576bb98c414c1b40842866fb61e8857890346aa02ab5e69036f011c4ce2b874a545d40033a5fb592fc611a876c360c095ee4028a6c1f429b22d0746f67c4fd305dabe2bc83841fa3bf70cdd27c127624a08cba62de2169f9dc88c52f0c07436125a00e4b447ee71b7e46d7d0d5e7a6efabc1a9662f121f2ef2fed6a7dc9eb8d74600570db7e8730dbcff57eb1763059005e1478ea2353db7e068c15280d9b594807f23949f3c849e10750a20c2e3def9ff91319b553cb97f6b1aaa9d8');
INSERT INTO encounter_ingest.encounter_version_20261125 VALUES ('01a214bd-e70a-7d9c-a6bb-b0d5116f5d4b', 1, '2026-11-25 22:05:19.49898+00', 's1', '\xb50659f953d86d18196baeda87d55d5e7c4d907b870956e78a9138df31204770a083095613e86a53c9b1f1d21d49c74a5cb3590f9393a7eef69e3797aa69c850fe4699fe1da65bdd5d60b2278baac25a96688605d38adb6ccf308f7d5acf0aa9ca40cd39109cd405fdf1719c692d8c438c6fc7f379c0b1ab52c80278d10b5e4fa845e31f9247c869d0dcd62c3ff379b5bb8838f5141d4b21df9b97810266fdf0b9fd151ac836b8048a60ceacc363f6ce113cc93ba814307a61ba9137cba081327ebbbdc6065ebdf1659feb27592afb47c27af2b2ad60350b0515f067fc2d52a7bd3f37c7a70c0093941eff62f835cf737851f74ce6d14f0c93681c6ae6a896f5795d173a1505a88a5e8d', 's1', '\xa2f40dddd80dc9aab7e473f02289b460a717c967fe9c77f6968d7cb736e6283a23f8ba86feacf21e91a3e944846568d3b6aed1e0b2b5a4e8a53f1ea5f30972de3b9bf315fee2444fe4f1880077c6993b6b6e8dc29585aef2f7eee561f41f671dd4c7a0b0413aa67cbd236bd9fc4ff4801419d48443326845fa0e08ec9134f95f7e1ccc6f7aec185532f8160a41da82bedfedb2fe902c0f0c6f16df655c361c65912b48c3f0fe4dad30d1b04065f48ff492adb7872f6eed899ecc5b8159cbf1070d4a4585574ad06618c88069e21f1608d53f0d72254acdc968');
INSERT INTO encounter_ingest.encounter_version_20261125 VALUES ('01a214bd-e954-748c-aef6-a506f3ae0d85', 1, '2026-11-25 22:05:20.084019+00', 's1', '\xefef4521d29995ce8379fbd5cb7fe82c259b25cc04609579250b19ac90aca068f687fc7c63ba25ada58ea9bf3208bd455a0fc66c76c93dc591310622e395df887a8451dd13547fa28644edbafb3243c03244555e366e506dd66d415e91700180bd770ec0d44cf13852b25b4763f0482bd78903b604c469a865077f29bd8e08d0c2fc7d9f5dd1a61d09097c67ca4bba254a257c5d0ba73815c62c066a3617b96d8617afec44b08c42989cdaaedbddd8bd72444de423ee6b7f329de4ea7a60f957eab4704d845ddd07dd8bcbd85507499ff6036c5e468b44a459b719d99c3040ec6e162645d9a1d6de6bd42e5127ed08062ee4a7bcb849d0e5477975d8ec1f2075ec6825a7224ab5954d07', 's1', '\x69d9daf4d48364375e075a5e8af3818c8d333f18c87f43c5719baf6145e3a01965da91b577ad6684c1a3d8385283f8f9891c0c2c4bd12cbe8381d35063f3953a8c38f79c4849572b644d09fa84d036ca5d3dab474f1eb0e1db825f2c3c82ec13ffac5de996fab878d33af1ff7f30a54d1c63ef74fa02bbb4c6ba7d943bad71d21fad36a73f7cd64c11ccc758fce8415c39427d3da26baede34e83ca070cabf7600f549f10ce539c9ce909879e5b3912b5b8fbd2f6f06cf072357ec33ffb814154011457749a6f0a0d1514907218289189e62d3d18a81367bab');


--
-- Data for Name: encounter_version_20261126; Type: TABLE DATA; Schema: encounter_ingest; Owner: -
--



--
-- Data for Name: encounter_version_20261127; Type: TABLE DATA; Schema: encounter_ingest; Owner: -
--



--
-- Data for Name: encounter_version_20261128; Type: TABLE DATA; Schema: encounter_ingest; Owner: -
--



--
-- Data for Name: encounter_version_20261129; Type: TABLE DATA; Schema: encounter_ingest; Owner: -
--



--
-- Data for Name: encounter_version_20261130; Type: TABLE DATA; Schema: encounter_ingest; Owner: -
--



--
-- Data for Name: encounter_version_20261201; Type: TABLE DATA; Schema: encounter_ingest; Owner: -
--



--
-- Data for Name: encounter_version_20261202; Type: TABLE DATA; Schema: encounter_ingest; Owner: -
--



--
-- Data for Name: inbox; Type: TABLE DATA; Schema: encounter_ingest; Owner: -
--



--
-- Data for Name: outbox; Type: TABLE DATA; Schema: encounter_ingest; Owner: -
--

INSERT INTO encounter_ingest.outbox VALUES ('01a214bd-cc21-79c2-b80b-4c3d7a13272d', 'Safeguarding.Contracts.Encounters.EncounterReceived', '\x5b7b226964223a2230316132313462642d636331612d373330652d393564302d353662376161646339393165222c226174223a22323032362d31312d32355432323a30353a31322e363039303032332b30303a3030222c227472616365223a2230302d30383161333934646266383430393364353935653833386237633930623232622d386265386336636335313861353632382d3030222c226576656e74223a7b22656e636f756e7465724964223a2230316132313462642d636331332d373831392d393433632d333264636163386131613730222c2276657273696f6e223a312c22737461747573223a2261727269766564222c22756e7363686564756c6564223a747275652c22737461727465644174223a22323032362d31312d32355432323a30353a31322b30303a3030222c2272656365697665644174223a22323032362d31312d32355432323a30353a31322e3539353638342b30303a3030222c2270617469656e74223a7b226b65794964223a227331222c2276616c7565223a226b306446465a436c43544942684b2b696b2f726a6850314c39425a31544c345552397151495075486833546343414c4950415668424e50372b756d56725a36334176617a38535131696b39536d78476168786b656e35736e50394b515441696d5550484b3744786641544c773379346c32476c3936565a4a534f44346e436b37436f4c7452366d53596353766c4d47616550535a7935715a4e30763842342b55497464447151556e6b47533032713369346a6f6d4863687a43586a4b6f3737554132446e5878366661417035514a4c2b7576644a5445302f655a65496d4c755073625242454a4f396233694833302b7a57707479754736563970656c62493867344b66334d4c6e38314a707a632f2f546e30676c70465150426148697575436b41513d3d227d2c22706c616365223a7b226b65794964223a227331222c2276616c7565223a224d534f596f3059566652562b333541682f6b504c4e594f714b6469364f4d514a6a304f324e6172444d4542554c596751732b46774e745679596c3938433343343071436c3257493478794b5a4a46426155384b3742414443696e46754a6b4c462b45383777417a6142752b64536c6b7363413d3d227d2c22636f6e6365726e73223a5b5d7d7d5d', '2026-11-25 22:05:12.609002+00', '{matching}', '2026-11-25 22:06:12.647672+00', 1, '2026-11-25 22:05:12.647672+00');
INSERT INTO encounter_ingest.outbox VALUES ('01a214bd-e70e-7e1e-8ad5-8dcaaea1bcc5', 'Safeguarding.Contracts.Encounters.EncounterReceived', '\x5b7b226964223a2230316132313462642d653730642d373263392d393337312d316430346630303736313838222c226174223a22323032362d31312d32355432323a30353a31392e353032373338332b30303a3030222c227472616365223a2230302d34363432356231626232616662623035323139376138646463323866646666352d383163356635646233323833393036302d3030222c226576656e74223a7b22656e636f756e7465724964223a2230316132313462642d653730612d376439632d613662622d623064353131366635643462222c2276657273696f6e223a312c22737461747573223a2261727269766564222c22756e7363686564756c6564223a747275652c22737461727465644174223a22323032362d31312d32355432323a30353a31392b30303a3030222c2272656365697665644174223a22323032362d31312d32355432323a30353a31392e34393839382b30303a3030222c2270617469656e74223a7b226b65794964223a227331222c2276616c7565223a226f76514e3364674e7961713335485077496f6d30594b63587957662b6e4866326c6f3138747a626d4b446f6a2b4c71472f717a794870476a365553455a576a5474713752344c4b31704f696c5078366c38776c79336a75623878582b346b525035504749414866476d547472626f33436c595775387666753557483048326364314d656773454536706e79394932765a2f452f306742515a314952444d6d68462b673449374a45302b56392b484d78766575775956544c3446677042326f4b2b332b32792f704173447778764674396c584459635a5a4572534d50772f6b32744d4e4777514758306a2f5353726265484c323774695a374d5734465a792f4548445570466856644b304759597949427034683857434e552f4458496c5373334a61413d3d227d2c22706c616365223a7b226b65794964223a227331222c2276616c7565223a224141467a4b6c504a426f75484f4c61316f457461494b4d6f50364a58506879767a70784871507557777456482f2f4d324c56455176566c324e39494e39456b31434c6f6263646750796b584444622f724f786f476a713331357568386e31796746316f4d6c5972746d6d41525846553472513d3d227d2c22636f6e6365726e73223a5b5d7d7d5d', '2026-11-25 22:05:19.502738+00', '{matching}', '2026-11-25 22:05:23.177496+00', 2, NULL);
INSERT INTO encounter_ingest.outbox VALUES ('01a214bd-cf0b-75c1-b759-b0f75b96f74f', 'Safeguarding.Contracts.Encounters.EncounterReceived', '\x5b7b226964223a2230316132313462642d636630362d373661392d393163622d656330326539336435346439222c226174223a22323032362d31312d32355432323a30353a31332e333534393936352b30303a3030222c227472616365223a2230302d34303331353363323436623463306132613732343938343336376663623231362d323936343032306463626537306535662d3030222c226576656e74223a7b22656e636f756e7465724964223a2230316132313462642d636630332d376633392d383366622d363337656332653763303164222c2276657273696f6e223a312c22737461747573223a2261727269766564222c22756e7363686564756c6564223a747275652c22737461727465644174223a22323032362d31312d32355432323a30353a31332b30303a3030222c2272656365697665644174223a22323032362d31312d32355432323a30353a31332e3334373638332b30303a3030222c2270617469656e74223a7b226b65794964223a227331222c2276616c7565223a226a5675313543704b33636c2f4d5a77347475687048644f6f526576777635544437384b424846563275356a45464d473043454b47623759656946654a413061714171746561514e764152784d347268307055585541444f6c2b316b767868476f64734e67774a58755143696d776651707369304852765a3854394d4632723472794468422b6a7633444e306e7753646953676a4c7069336946702b6479497853384d42304e684a61414f5330522b3578742b527466513165656d3736764271575976456838753876375770397965754e64474146634e742b687a44627a2f562b735859775751426546486a71493150626667614d4653674e6d316c49422f49355366504953654548554b494d4c6a33766e2f6b5447625654793566327361717032413d3d227d2c22706c616365223a7b226b65794964223a227331222c2276616c7565223a2251554341485a473438565245394f39397971715276633244356763434a6d616f4448615750425161386d427752535374556b51423346432f71507976434e70464775362b4f78457558506851463049567338474f6275664c79623351413179316e4c5376377148427846336f31704e7763773d3d227d2c22636f6e6365726e73223a5b5d7d7d5d', '2026-11-25 22:05:13.354996+00', '{matching}', '2026-11-25 22:06:13.373276+00', 1, '2026-11-25 22:05:13.373276+00');
INSERT INTO encounter_ingest.outbox VALUES ('01a214bd-e962-708a-a296-ede3bad6c82f', 'Safeguarding.Contracts.Encounters.EncounterReceived', '\x5b7b226964223a2230316132313462642d653936312d373137342d393661612d626637343463346661653935222c226174223a22323032362d31312d32355432323a30353a32302e303938363138312b30303a3030222c227472616365223a2230302d64346535656538343861643034336131643735393565303862643864646363662d303565306462376466306332646437612d3030222c226576656e74223a7b22656e636f756e7465724964223a2230316132313462642d653935342d373438632d616566362d613530366633616530643835222c2276657273696f6e223a312c22737461747573223a2261727269766564222c22756e7363686564756c6564223a747275652c22737461727465644174223a22323032362d31312d32355432323a30353a32302b30303a3030222c2272656365697665644174223a22323032362d31312d32355432323a30353a32302e3038343031392b30303a3030222c2270617469656e74223a7b226b65794964223a227331222c2276616c7565223a2261646e61394e53445a4464654231706569764f426a49307a50786a4966305046635a75765955586a6f426c6c327047316436316d684d476a32446853672f6a356952774d4c4576524c4c364467644e51592f4f564f6f773439357849535663725a45304a2b6f54514e73706450617448547836773464754358797738677577542f367864365a623675486a544f76482f667a436c5452786a3733543641727530787270396c447574636449667254616e50337a575442484d78316a38364546634f554a3950614a727274343036447967634d712f646744315366454d35546e4a7a7043596565577a6b5374626a3730766277625042794e583744502f754251565142464664306d6d384b445255556b4849594b4a474a35693039474b67545a3771773d3d227d2c22706c616365223a7b226b65794964223a227331222c2276616c7565223a224a52727269576b684d4971717a794778762b35366867776e496e453755594755693243434b52647a78754e332f42392b514d6254426b665952682b6f642b364a3338483054414a376a435663506d635a6f626b4848563972704357593163444e384f39782f336b7664314a6e49755a724d773d3d227d2c22636f6e6365726e73223a5b5d7d7d5d', '2026-11-25 22:05:20.098618+00', '{matching}', '2026-11-25 22:05:23.177496+00', 2, NULL);


--
-- Data for Name: parked_message; Type: TABLE DATA; Schema: encounter_ingest; Owner: -
--



--
-- Data for Name: site; Type: TABLE DATA; Schema: encounter_ingest; Owner: -
--



--
-- Data for Name: __ef_migrations_history; Type: TABLE DATA; Schema: matching; Owner: -
--

INSERT INTO matching.__ef_migrations_history VALUES ('20261122212544_Initial', '10.0.15');
INSERT INTO matching.__ef_migrations_history VALUES ('20261122220000_Tables', '10.0.15');


--
-- Data for Name: audit_record; Type: TABLE DATA; Schema: matching; Owner: -
--



--
-- Data for Name: council_match; Type: TABLE DATA; Schema: matching; Owner: -
--

INSERT INTO matching.council_match VALUES ('01a214bd-77f3-71a0-bb52-48dc4dc1c6c5', 'E08999901', 1, true, '{01a214bd-566b-7567-a844-b40a2e220097}', '[{"kind": "childProtection", "role": "child", "planId": "01a214bd-566b-7567-a844-b40a2e220097", "reference": "NM-1"}]', 0.9999999377355183, '2026.11.1+2026.11.1', false);
INSERT INTO matching.council_match VALUES ('01a214bd-7d89-7f19-9aac-cb8456fa788b', 'E08999901', 1, true, '{01a214bd-5afa-7c74-ba04-d4b1a2ea9c06}', '[{"kind": "childProtection", "role": "child", "planId": "01a214bd-5afa-7c74-ba04-d4b1a2ea9c06", "reference": "NM-2"}]', 0.9999999377355181, '2026.11.1+2026.11.1', false);
INSERT INTO matching.council_match VALUES ('01a214bd-ad50-7c95-9f25-6e47486326d1', 'E08999901', 1, true, '{01a214bd-5d8a-73ef-9134-094fa68d775f}', '[{"kind": "childProtection", "role": "child", "planId": "01a214bd-5d8a-73ef-9134-094fa68d775f", "reference": "NM-3"}]', 0.9999999377355181, '2026.11.1+2026.11.1', false);
INSERT INTO matching.council_match VALUES ('01a214bd-b23f-736d-bf43-b673e4c1ce32', 'E08999901', 1, true, '{01a214bd-5eed-76b1-9b93-a15f7f8763b8}', '[{"kind": "childProtection", "role": "child", "planId": "01a214bd-5eed-76b1-9b93-a15f7f8763b8", "reference": "NM-4"}]', 0.9999999377355181, '2026.11.1+2026.11.1', false);


--
-- Data for Name: decision_20261125; Type: TABLE DATA; Schema: matching; Owner: -
--



--
-- Data for Name: decision_20261126; Type: TABLE DATA; Schema: matching; Owner: -
--



--
-- Data for Name: decision_kept; Type: TABLE DATA; Schema: matching; Owner: -
--

INSERT INTO matching.decision_kept VALUES ('infinity', '01a214bd-7b69-7136-be79-dfa5b174b3fd', '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5', 1, 'E08999901', 'Matched', false, '2026.11.1+2026.11.1', '[{"plans": [{"role": "child", "planId": "01a214bd-566b-7567-a844-b40a2e220097", "councilCode": "E08999901"}], "outcome": {"outcome": "matched", "evidence": {"bits": 64.13719561704083, "rivals": [], "traits": [{"m": 0.985, "u": 0.00000001, "sum": 3.7151612238478577, "bits": 26.55362038878055, "level": "equal", "trait": "identifier", "relation": "agrees", "housemate": 0.002}, {"m": 0.9, "u": 0.0001, "sum": 16.85087050995226, "bits": 13.1357092861044, "level": "equal", "trait": "familyName", "relation": "agrees", "frequency": 0.0001, "housemate": 0.8}, {"m": 0.89, "u": 0.0005, "sum": 27.64853203580602, "bits": 10.79766152585376, "level": "equal", "trait": "givenName", "relation": "agrees", "frequency": 0.0005, "housemate": 0.002}, {"m": 0.982, "u": 0.000152, "sum": 40.30596802133922, "bits": 12.657435985533194, "level": "equal", "trait": "birthDate", "relation": "agrees", "housemate": 0.03}, {"m": 0.995, "u": 0.5, "sum": 41.29873645210814, "bits": 0.9927684307689242, "level": "equal", "trait": "sex", "relation": "agrees", "housemate": 0.5}], "against": 168422.01498296985, "newborn": false, "leadBits": 51.714483017896086, "posterior": 0.9999999377355183, "priorBits": -22.838459164932694, "housemateBits": 40.20017212592592}}}]', '2026-11-25 22:04:51.945655+00', NULL, NULL);
INSERT INTO matching.decision_kept VALUES ('infinity', '01a214bd-7ee6-746a-8e87-4c628dec2fb7', '01a214bd-7d89-7f19-9aac-cb8456fa788b', 1, 'E08999901', 'Matched', false, '2026.11.1+2026.11.1', '[{"plans": [{"role": "child", "planId": "01a214bd-5afa-7c74-ba04-d4b1a2ea9c06", "councilCode": "E08999901"}], "outcome": {"outcome": "matched", "evidence": {"bits": 64.13719561704083, "rivals": [], "traits": [{"m": 0.985, "u": 0.00000001, "sum": 3.7151612238478577, "bits": 26.55362038878055, "level": "equal", "trait": "identifier", "relation": "agrees", "housemate": 0.002}, {"m": 0.9, "u": 0.0001, "sum": 16.85087050995226, "bits": 13.1357092861044, "level": "equal", "trait": "familyName", "relation": "agrees", "frequency": 0.0001, "housemate": 0.8}, {"m": 0.89, "u": 0.0005, "sum": 27.64853203580602, "bits": 10.79766152585376, "level": "equal", "trait": "givenName", "relation": "agrees", "frequency": 0.0005, "housemate": 0.002}, {"m": 0.982, "u": 0.000152, "sum": 40.30596802133922, "bits": 12.657435985533194, "level": "equal", "trait": "birthDate", "relation": "agrees", "housemate": 0.03}, {"m": 0.995, "u": 0.5, "sum": 41.29873645210814, "bits": 0.9927684307689242, "level": "equal", "trait": "sex", "relation": "agrees", "housemate": 0.5}], "against": 168422.0155486398, "newborn": false, "leadBits": 51.714483017896086, "posterior": 0.9999999377355181, "priorBits": -22.838459164932694, "housemateBits": 40.20017212592592}}}]', '2026-11-25 22:04:52.838806+00', NULL, NULL);
INSERT INTO matching.decision_kept VALUES ('infinity', '01a214bd-adc0-7fdf-a879-1eefb0876c25', '01a214bd-ad50-7c95-9f25-6e47486326d1', 1, 'E08999901', 'Matched', false, '2026.11.1+2026.11.1', '[{"plans": [{"role": "child", "planId": "01a214bd-5d8a-73ef-9134-094fa68d775f", "councilCode": "E08999901"}], "outcome": {"outcome": "matched", "evidence": {"bits": 64.13719561704083, "rivals": [], "traits": [{"m": 0.985, "u": 0.00000001, "sum": 3.7151612238478577, "bits": 26.55362038878055, "level": "equal", "trait": "identifier", "relation": "agrees", "housemate": 0.002}, {"m": 0.9, "u": 0.0001, "sum": 16.85087050995226, "bits": 13.1357092861044, "level": "equal", "trait": "familyName", "relation": "agrees", "frequency": 0.0001, "housemate": 0.8}, {"m": 0.89, "u": 0.0005, "sum": 27.64853203580602, "bits": 10.79766152585376, "level": "equal", "trait": "givenName", "relation": "agrees", "frequency": 0.0005, "housemate": 0.002}, {"m": 0.982, "u": 0.000152, "sum": 40.30596802133922, "bits": 12.657435985533194, "level": "equal", "trait": "birthDate", "relation": "agrees", "housemate": 0.03}, {"m": 0.995, "u": 0.5, "sum": 41.29873645210814, "bits": 0.9927684307689242, "level": "equal", "trait": "sex", "relation": "agrees", "housemate": 0.5}], "against": 168422.0155486398, "newborn": false, "leadBits": 51.714483017896086, "posterior": 0.9999999377355181, "priorBits": -22.838459164932694, "housemateBits": 40.20017212592592}}}]', '2026-11-25 22:05:04.832283+00', NULL, NULL);
INSERT INTO matching.decision_kept VALUES ('infinity', '01a214bd-b313-72b1-9b79-54bafecd5292', '01a214bd-b23f-736d-bf43-b673e4c1ce32', 1, 'E08999901', 'Matched', false, '2026.11.1+2026.11.1', '[{"plans": [{"role": "child", "planId": "01a214bd-5eed-76b1-9b93-a15f7f8763b8", "councilCode": "E08999901"}], "outcome": {"outcome": "matched", "evidence": {"bits": 64.13719561704083, "rivals": [], "traits": [{"m": 0.985, "u": 0.00000001, "sum": 3.7151612238478577, "bits": 26.55362038878055, "level": "equal", "trait": "identifier", "relation": "agrees", "housemate": 0.002}, {"m": 0.9, "u": 0.0001, "sum": 16.85087050995226, "bits": 13.1357092861044, "level": "equal", "trait": "familyName", "relation": "agrees", "frequency": 0.0001, "housemate": 0.8}, {"m": 0.89, "u": 0.0005, "sum": 27.64853203580602, "bits": 10.79766152585376, "level": "equal", "trait": "givenName", "relation": "agrees", "frequency": 0.0005, "housemate": 0.002}, {"m": 0.982, "u": 0.000152, "sum": 40.30596802133922, "bits": 12.657435985533194, "level": "equal", "trait": "birthDate", "relation": "agrees", "housemate": 0.03}, {"m": 0.995, "u": 0.5, "sum": 41.29873645210814, "bits": 0.9927684307689242, "level": "equal", "trait": "sex", "relation": "agrees", "housemate": 0.5}], "against": 168422.0155486398, "newborn": false, "leadBits": 51.714483017896086, "posterior": 0.9999999377355181, "priorBits": -22.838459164932694, "housemateBits": 40.20017212592592}}}]', '2026-11-25 22:05:06.195521+00', NULL, NULL);


--
-- Data for Name: encounter; Type: TABLE DATA; Schema: matching; Owner: -
--

INSERT INTO matching.encounter VALUES ('01a214bd-77f3-71a0-bb52-48dc4dc1c6c5', 1, '2026-11-25');
INSERT INTO matching.encounter VALUES ('01a214bd-7d89-7f19-9aac-cb8456fa788b', 1, '2026-11-25');
INSERT INTO matching.encounter VALUES ('01a214bd-ad50-7c95-9f25-6e47486326d1', 1, '2026-11-25');
INSERT INTO matching.encounter VALUES ('01a214bd-b23f-736d-bf43-b673e4c1ce32', 1, '2026-11-25');


--
-- Data for Name: encounter_fact_20261125; Type: TABLE DATA; Schema: matching; Owner: -
--

INSERT INTO matching.encounter_fact_20261125 VALUES ('2026-11-25', '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5', 1, 'Arrived', true, '2026-11-25 22:04:50+00', NULL, '2026-11-25 22:04:51.059901+00', '[]', 's1', '\xfc72253608c90947ef7b8205c9e3ee96dd762c1c8f6c409bcbeda5bd00d17f952f66dc83176bdd02138577cd1c498796651d8d00b720f8d5272d0cabbdd907036557564d74805ba45d3144ef4126b2eacdb4e9e05d', 's1', '\x8c010def861511bc261ee2374426f30d0d4dcc960c3ec79cbcd9598429e38e3f33cca6aa137ed261230436136684fa2dc667e6f95269000ec6b351326411ebd910e2735b1da809dae812f38804b1d00b8cb9631ee922d6ba66e8ea9199776ed094615dccf199e43e69ebf9b891352da64f803154e1cc8c8f3c5ea857e84f2556a37526ad37fba4f63ee925b73a1e8c660ca55ace8f162c1c147c41417eac68e6b3743be156ff492ebdd0b0634b141927ef13a5ffd26fe144cc55e5feab126f3c2c1bfd1c7e186a6c7bb6a6f41695896e910064a26244342b59');
INSERT INTO matching.encounter_fact_20261125 VALUES ('2026-11-25', '01a214bd-7d89-7f19-9aac-cb8456fa788b', 1, 'Arrived', true, '2026-11-25 22:04:52+00', NULL, '2026-11-25 22:04:52.489508+00', '[]', 's1', '\x3de49e2bac671a178d35cefed270cb3e3182e567de916f26cb74ced5b9c69849855972fa3fe5f3581098e6c15ad2c1eddd8cc3e9490b488e07a7de5a7e65776ac79dafaa6c03c0dbfe48e854fe895ea2b371369408', 's1', '\x8f46df1fd039d7df972464c144157a98331c4197174325cf947046cdc38946edecdc815957260fccb9cf2b0f22a028add08d6515ec51d2abbb53216844c1311bfc6db87f1f13c4bc0e11eebc8d1c7abeae7a2e6244f57152863bb001733a5e6b896ce6eee8543896df718dad584d25ac6243fb18efc3cf879990ee4d5e5648fd9a88bf6bfde9476be10088a217731be4f8a04646db5f82318aada35a00041ac6b237a0068f0640e0a66e0c5841618848d2f85f44072c8ab0771cf04d8ad7e1a916f7041e7c68092ece6a5ada02ca0b1ef2e1d7110dd405b72f');
INSERT INTO matching.encounter_fact_20261125 VALUES ('2026-11-25', '01a214bd-ad50-7c95-9f25-6e47486326d1', 1, 'Arrived', true, '2026-11-25 22:05:04+00', NULL, '2026-11-25 22:05:04.720446+00', '[]', 's1', '\x9dd9558dc935debbb64d5af719664f631cbc20d34a3fab70d8032066795a0a4de3af1686b549ca15d2ec5ba097505a3d2d2d90b2bb1169b8b940f2ad3207166484593a3d74c2707a1dd68218a98e0461f2cf582d26', 's1', '\xaf8d64be67af70f458e19f9cf4a35ae0119aa960214b8bdaae2d1f84c870eeb9ed6c19402745780daf1fc191e99bf03363c3b610037a9a37526a472ee48ca2e86188d87a109763b28ceba939a3e1138639994d2c6c66e785ec9dd37e7f45109569ff52254197977a75a30c1539a801027136c325d6a3f2dd5213c6e41a75c186e54fe40a7dd2b34fc7eb24a5d51acae3e0045f606ee94a264ce88836655806761e1f747b755158bf65ca01faf8ae19d755f102e001ad43fa33999ddd3e57c7fda35c67f98ee6a0745ef3b4c31cb86c9948f2dd3d6ac7a4eb94');
INSERT INTO matching.encounter_fact_20261125 VALUES ('2026-11-25', '01a214bd-b23f-736d-bf43-b673e4c1ce32', 1, 'Arrived', true, '2026-11-25 22:05:05+00', NULL, '2026-11-25 22:05:05.983061+00', '[]', 's1', '\xe7b3ef0ef322e746f996e9374d3f4098ed56d71f91a75e8a667877c839cf8098b290aaeebc4688b52f19553470cb3e3b7189cbb031b014572a58e70ae5910dc033443f27cba0505d0a5c0f30bfe3889f62cd5bd81f', 's1', '\xf9a3a06ee8be48328cb189ceee32404158bd42bae8d0df67e3aec50e5e103ba4ee8434fdc5351e99f7104a42b6752f7aff696737f21b0805e7ab1866dee95fe8178c4b919939b4235eba83d25deeac22ac132d552f769bb8cc71c5fe0104aca35a6e751ba4ad7e812b7b59a376f12a93607765bae33acd18143a6c49f2db158cdbb6d183990e02ed9fadf571da62d6ad6914127daff33d4425765fac22684129d9dc3a402b03b50772de3ec607fe97c3d5db07479ebe9192c935d3094be578d2f22434207b2f205ecc18660eafd9139de1099b7047b3eabe7e');


--
-- Data for Name: encounter_fact_20261126; Type: TABLE DATA; Schema: matching; Owner: -
--



--
-- Data for Name: encounter_key_20261125; Type: TABLE DATA; Schema: matching; Owner: -
--

INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -9067612739827124331, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -8943255765320349946, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -8487016046774922260, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -8393044240405562940, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -7031660752595123366, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -6887110483127097582, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -6165205822891588561, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -4646838563990036792, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -4614264124671894944, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -3844807238862440738, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -3779542755255426032, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -3373604317464775632, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -1779769016262307381, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 309956100897659417, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 1052222430397908578, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 2446159945899012939, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 2750118948882309974, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 3559130304095358014, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 3768643368844138499, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 4567811428019605205, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 8188109365891962925, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 8363407815418778880, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 8964336454040655352, '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -9001869168147527097, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -8487016046774922260, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -7951398222250040928, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -7668258884983443207, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -5223553759963052113, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -4679017112515252155, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -4646838563990036792, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -4529645903195557294, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -3846061899009510402, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -3343096955446512661, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -1018421434969067656, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -41235956573847315, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 1340068336021647139, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 3559130304095358014, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 3768643368844138499, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 4146361741973986075, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 7776027697754257841, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 8101787239464285187, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 8153930285490437202, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 8188109365891962925, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 8869921771133880653, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 8964336454040655352, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 9108693854700176760, '01a214bd-7d89-7f19-9aac-cb8456fa788b');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -8487016046774922260, '01a214bd-ad50-7c95-9f25-6e47486326d1');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -8050432660687897653, '01a214bd-ad50-7c95-9f25-6e47486326d1');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -6829197505628326005, '01a214bd-ad50-7c95-9f25-6e47486326d1');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -5917416983880577441, '01a214bd-ad50-7c95-9f25-6e47486326d1');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -5471338386727094538, '01a214bd-ad50-7c95-9f25-6e47486326d1');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -4646838563990036792, '01a214bd-ad50-7c95-9f25-6e47486326d1');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -3913189366825400952, '01a214bd-ad50-7c95-9f25-6e47486326d1');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -570925184091822049, '01a214bd-ad50-7c95-9f25-6e47486326d1');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 1141150730750243038, '01a214bd-ad50-7c95-9f25-6e47486326d1');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 1944562120827244151, '01a214bd-ad50-7c95-9f25-6e47486326d1');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 6766907422429231538, '01a214bd-ad50-7c95-9f25-6e47486326d1');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 8188109365891962925, '01a214bd-ad50-7c95-9f25-6e47486326d1');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 8964336454040655352, '01a214bd-ad50-7c95-9f25-6e47486326d1');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -8487016046774922260, '01a214bd-b23f-736d-bf43-b673e4c1ce32');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -4646838563990036792, '01a214bd-b23f-736d-bf43-b673e4c1ce32');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', -2756072936580715827, '01a214bd-b23f-736d-bf43-b673e4c1ce32');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 1510367041587594024, '01a214bd-b23f-736d-bf43-b673e4c1ce32');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 4126888810527478663, '01a214bd-b23f-736d-bf43-b673e4c1ce32');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 4160321152928517352, '01a214bd-b23f-736d-bf43-b673e4c1ce32');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 4899318671452726956, '01a214bd-b23f-736d-bf43-b673e4c1ce32');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 5468439748843642107, '01a214bd-b23f-736d-bf43-b673e4c1ce32');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 5728405412231230932, '01a214bd-b23f-736d-bf43-b673e4c1ce32');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 7276023844227526209, '01a214bd-b23f-736d-bf43-b673e4c1ce32');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 8188109365891962925, '01a214bd-b23f-736d-bf43-b673e4c1ce32');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 8348939055176215330, '01a214bd-b23f-736d-bf43-b673e4c1ce32');
INSERT INTO matching.encounter_key_20261125 VALUES ('2026-11-25', 8964336454040655352, '01a214bd-b23f-736d-bf43-b673e4c1ce32');


--
-- Data for Name: encounter_key_20261126; Type: TABLE DATA; Schema: matching; Owner: -
--



--
-- Data for Name: inbox; Type: TABLE DATA; Schema: matching; Owner: -
--

INSERT INTO matching.inbox VALUES ('matching-record-plan', '01a214bd-5743-7091-835d-5e14edd13057');
INSERT INTO matching.inbox VALUES ('matching-record-plan', '01a214bd-5afb-7b08-a1fd-6d03257cbff0');
INSERT INTO matching.inbox VALUES ('matching-record-plan', '01a214bd-5d8a-739d-92df-4958cc496023');
INSERT INTO matching.inbox VALUES ('matching-record-plan', '01a214bd-5eed-763c-961e-3443b86813ac');
INSERT INTO matching.inbox VALUES ('matching-record-plan', '01a214bd-60c7-7c81-af5c-c31dc0278ab8');
INSERT INTO matching.inbox VALUES ('matching-record-plan', '01a214bd-6325-70f8-a1cf-90c7b3dbc9c3');
INSERT INTO matching.inbox VALUES ('matching-record-plan', '01a214bd-6492-7610-9550-94701d9122e1');
INSERT INTO matching.inbox VALUES ('matching-record-plan', '01a214bd-66cb-76e4-9631-1cc8c5517c9c');
INSERT INTO matching.inbox VALUES ('matching-match-encounters', '01a214bd-78c6-71d5-848a-7395b3a83fc0');
INSERT INTO matching.inbox VALUES ('matching-match-encounters', '01a214bd-7e2a-79b7-8e04-881428b98269');
INSERT INTO matching.inbox VALUES ('matching-match-encounters', '01a214bd-ad5a-7532-83da-7644282fdfb0');
INSERT INTO matching.inbox VALUES ('matching-match-encounters', '01a214bd-b27d-73a4-bc57-b16815d72157');


--
-- Data for Name: kept_encounter; Type: TABLE DATA; Schema: matching; Owner: -
--

INSERT INTO matching.kept_encounter VALUES ('01a214bd-77f3-71a0-bb52-48dc4dc1c6c5', 1, 'Arrived', true, '2026-11-25 22:04:50+00', NULL, '2026-11-25 22:04:51.059901+00', '[]', 's1', '\xfc72253608c90947ef7b8205c9e3ee96dd762c1c8f6c409bcbeda5bd00d17f952f66dc83176bdd02138577cd1c498796651d8d00b720f8d5272d0cabbdd907036557564d74805ba45d3144ef4126b2eacdb4e9e05d');
INSERT INTO matching.kept_encounter VALUES ('01a214bd-7d89-7f19-9aac-cb8456fa788b', 1, 'Arrived', true, '2026-11-25 22:04:52+00', NULL, '2026-11-25 22:04:52.489508+00', '[]', 's1', '\x3de49e2bac671a178d35cefed270cb3e3182e567de916f26cb74ced5b9c69849855972fa3fe5f3581098e6c15ad2c1eddd8cc3e9490b488e07a7de5a7e65776ac79dafaa6c03c0dbfe48e854fe895ea2b371369408');
INSERT INTO matching.kept_encounter VALUES ('01a214bd-ad50-7c95-9f25-6e47486326d1', 1, 'Arrived', true, '2026-11-25 22:05:04+00', NULL, '2026-11-25 22:05:04.720446+00', '[]', 's1', '\x9dd9558dc935debbb64d5af719664f631cbc20d34a3fab70d8032066795a0a4de3af1686b549ca15d2ec5ba097505a3d2d2d90b2bb1169b8b940f2ad3207166484593a3d74c2707a1dd68218a98e0461f2cf582d26');
INSERT INTO matching.kept_encounter VALUES ('01a214bd-b23f-736d-bf43-b673e4c1ce32', 1, 'Arrived', true, '2026-11-25 22:05:05+00', NULL, '2026-11-25 22:05:05.983061+00', '[]', 's1', '\xe7b3ef0ef322e746f996e9374d3f4098ed56d71f91a75e8a667877c839cf8098b290aaeebc4688b52f19553470cb3e3b7189cbb031b014572a58e70ae5910dc033443f27cba0505d0a5c0f30bfe3889f62cd5bd81f');


--
-- Data for Name: outbox; Type: TABLE DATA; Schema: matching; Owner: -
--

INSERT INTO matching.outbox VALUES ('01a214bd-add2-71b6-ba19-b9f69e01ad03', 'Safeguarding.Contracts.Matches.EncounterMatched', '\x5b7b226964223a2230316132313462642d616463382d373832612d616139662d623134303837333938376432222c226174223a22323032362d31312d32355432323a30353a30342e383530303334362b30303a3030222c227472616365223a2230302d64626635636565333238643139363932323534623935626435666264613530322d353964633139363738666463623763612d3030222c226576656e74223a7b22656e636f756e7465724964223a2230316132313462642d616435302d376339352d396632352d366534373438363332366431222c22636f756e63696c436f6465223a22453038393939393031222c2276657273696f6e223a312c22706c616e73223a5b7b22706c616e4964223a2230316132313462642d356438612d373365662d393133342d303934666136386437373566222c227265666572656e6365223a224e4d2d33222c226b696e64223a226368696c6450726f74656374696f6e222c22726f6c65223a226368696c64227d5d2c226365727461696e7479223a302e393939393939393337373335353138312c2272756c6556657273696f6e223a22323032362e31312e315c7530303242323032362e31312e31222c226c617465223a66616c73652c22737461747573223a2261727269766564222c22737461727465644174223a22323032362d31312d32355432323a30353a30342b30303a3030222c2272656365697665644174223a22323032362d31312d32355432323a30353a30342e3732303434362b30303a3030222c22706c616365223a7b226b65794964223a227331222c2276616c7565223a226e646c566a636b31337275325456723347575a5059787938494e4e4b5036747732414d675a6e6c61436b336a7278614774556e4b46644c735736435855466f394c533251737273526162693551504b744d6763575a49525a4f6a3130776e423648646143474b6d4f424748797a3167744a673d3d227d2c22636f6e6365726e73223a5b5d7d7d5d', '2026-11-25 22:05:04.850034+00', '{notification}', '2026-11-25 22:06:04.877288+00', 1, '2026-11-25 22:05:04.877288+00');
INSERT INTO matching.outbox VALUES ('01a214bd-b323-7051-972f-03476d1f8dbc', 'Safeguarding.Contracts.Matches.EncounterMatched', '\x5b7b226964223a2230316132313462642d623331342d376634392d383832302d656664313033643864633666222c226174223a22323032362d31312d32355432323a30353a30362e323130383238332b30303a3030222c227472616365223a2230302d65396633646464326130343933316238626462616634386431336438643232342d616631363933646337323363663937612d3030222c226576656e74223a7b22656e636f756e7465724964223a2230316132313462642d623233662d373336642d626634332d623637336534633163653332222c22636f756e63696c436f6465223a22453038393939393031222c2276657273696f6e223a312c22706c616e73223a5b7b22706c616e4964223a2230316132313462642d356565642d373662312d396239332d613135663766383736336238222c227265666572656e6365223a224e4d2d34222c226b696e64223a226368696c6450726f74656374696f6e222c22726f6c65223a226368696c64227d5d2c226365727461696e7479223a302e393939393939393337373335353138312c2272756c6556657273696f6e223a22323032362e31312e315c7530303242323032362e31312e31222c226c617465223a66616c73652c22737461747573223a2261727269766564222c22737461727465644174223a22323032362d31312d32355432323a30353a30352b30303a3030222c2272656365697665644174223a22323032362d31312d32355432323a30353a30352e3938333036312b30303a3030222c22706c616365223a7b226b65794964223a227331222c2276616c7565223a223537507644764d69353062356c756b33545439416d4f315731782b527031364b5a6e683379446e50674a69796b4b7275764561497453385a56545277797a343763596e4c7344477746466371574f634b355a454e77444e455079664c6f464264436c77504d4c2f6a694a39697a56765948773d3d227d2c22636f6e6365726e73223a5b5d7d7d5d', '2026-11-25 22:05:06.210828+00', '{notification}', '2026-11-25 22:06:06.237595+00', 1, '2026-11-25 22:05:06.237595+00');


--
-- Data for Name: parked_message; Type: TABLE DATA; Schema: matching; Owner: -
--



--
-- Data for Name: plan; Type: TABLE DATA; Schema: matching; Owner: -
--

INSERT INTO matching.plan VALUES ('01a214bd-566b-7567-a844-b40a2e220097', 'E08999901', 1, 1, 1, 'NM-1', 'ChildProtection', '2026-01-01', NULL, NULL, false, '2026-11-25 22:04:42.746963+00', 's1', '\x7a29e0df641a60710fc35d39c582f5887b1e82b6e92a1af706b81713750ccce1d25acdf001c1f0e9cc9432bef4bfd4f48bbac806a759485e30ef7a63d41b0f2a94193a920552fa7176afa0fe96aea5461dcaf970923ca3865e70df0b37a41b7a885c5159b03d021d8ebc4a8e8b831f449617d8387c3a1d02d9254df854cec05e9bb9c466247103a8a8afbfc706301422b3e3df04f56c8154731ee5efb2e3c5b08654da423c5064d924ab9941b9c288b52f8795115b297beb2799ea1cb6a5d6f3166882c39d4ecf8ca5ecb82d3ba06f6ea1cbd270291ecb70b3', 'l1');
INSERT INTO matching.plan VALUES ('01a214bd-5afa-7c74-ba04-d4b1a2ea9c06', 'E08999901', 1, 1, 1, 'NM-2', 'ChildProtection', '2026-01-01', NULL, NULL, false, '2026-11-25 22:04:43.643914+00', 's1', '\xaec7246ac1deecab0255cfe204e2d146889fc82e39d4eec80ab776890f760dedb12adce4d4fc6fab1c463acb3dd2d5e685b1a68bb283959b7e9837244faed9ccd0f2f69bb6e49d2140d1b99253ecce29cdabb9b060e98ef12017437f13998426b55e08c17c03ae6673e30c8f23331d10f4a9892f69ced213d7267136fe45dc54142474b51953aa5886093cc617f7c2316c32b593fb7dae91318f080218bead02a2fdfd12aa6a969c2832aca40d270c6f7c665a36253abcb41868342df82cb1abae905b7c939b28c32962dcd8bd6c7232a4fb04472bee2a865f', 'l1');
INSERT INTO matching.plan VALUES ('01a214bd-5d8a-73ef-9134-094fa68d775f', 'E08999901', 1, 1, 1, 'NM-3', 'ChildProtection', '2026-01-01', NULL, NULL, false, '2026-11-25 22:04:44.299236+00', 's1', '\x35f0add12e8b641efb842fcc5b8c7e00476ef38c3ecd0f4da9080b8887e7dfcf25615476764387a9a5d7137ca42a1613e4aeaed3b7db60b1cab6d5e62a1068af8a9f103cad479ab028013f045237deb08f02ba4a02a49c283b6c0c584aecae62b4b0ac68b33d6d86a3511e1061b4618fab09ab0273c1d7402098ace45940ac3fe4495a96f471ebf566c57dbfe60eee26dd970df33d796603fb1e4ce016aefc023791ee814950124da06d5d433f313f0920c844866ea774db2f00976794271447743d6adfb246302a766f8b37438c2c9afbe6cf43ff6207a6dc', 'l1');
INSERT INTO matching.plan VALUES ('01a214bd-5eed-76b1-9b93-a15f7f8763b8', 'E08999901', 1, 1, 1, 'NM-4', 'ChildProtection', '2026-01-01', NULL, NULL, false, '2026-11-25 22:04:44.653857+00', 's1', '\x31db43f019ea8d1fb792ba3cb25bae49e984aa61bbd68e64880ffe12e0a3c41979d21a86b371405d3dc4373a16f8098119fb9512e3682658e4eba3d3e1f5918fb8efc3088b3eafa12155af21ff79fcb9e005f2c5aaa79591e7f01abac149a0c65a21d396cd8d60db1c0c4b19ae943d9e938e8b46cb9f2dfa8c4caec837b078af81783b18860f828ae245e6cd34fa0850f6ec9993ba5f98034b4a3ee99c3230828f7260bf6f0ab2f121771b5e9169109dc4f3938f4036ea97fb5beb7da6451e6db30f2b69e7b22f8591c50d625f071fb928839e81f638a7208c', 'l1');
INSERT INTO matching.plan VALUES ('01a214bd-60c7-7cdf-b0be-de14a3ef0558', 'E08999901', 1, 1, 1, 'NM-5', 'ChildProtection', '2026-01-01', NULL, NULL, false, '2026-11-25 22:04:45.128292+00', 's1', '\x971bc716f919687a2b88e69bd4681641da3b21ac0b528dd1feb952a526576cd9595dd422c8d8d563750037c6325b6ed208bb48c8da8295a1fc802e2472752843d65d7337e12155e33719456e2bdd6c2e963760216c0e1ad0d0f251577c3e45217012056e3a45ee54b2b8de0e98ee029bdde21baccb35ccf3464784e7c4205d1a5ad028294a5b7042e7f5273a67b494858b266f7997922bdc900a5053c6002e8da9e70b2d79c6782458ec8a8a1b8db555c408a590e88c8185877fe602ac01f17e34eed0d4f84fa65079b3e0c56fa7c27a3ab962123df6ccb782', 'l1');
INSERT INTO matching.plan VALUES ('01a214bd-6325-7834-b1a4-8df155b1f11e', 'E08999901', 1, 1, 1, 'NM-6', 'ChildProtection', '2026-01-01', NULL, NULL, false, '2026-11-25 22:04:45.733744+00', 's1', '\x7ec27a814fc6e98cdd6eeac1a318a1de6de8510748945b091ac869cb59e3cface1785d3030952c9aa17ff9d909d99ad636f8baf872947b4216f6e912c40f0b1b04f3d98a73e7cc1fe0cf6bb15d8569336b292126d77bfc990750a3a3b976240a21f61862bbf9e91a1fbcf8dce171c39e6b2e86995e0a5cfa1b2590af8fc43317877383d870dceba9c651073583f15baf1dfe798c338cb4c4faa0eaf955880993c6ebbf855d52c9d2c84092ff70ce03a83110f2c7bfdbce55ae8df7e87872c577082d3dc79fe133e9cb5b2c9e370c4744237c5e6401fbae9a44', 'l1');
INSERT INTO matching.plan VALUES ('01a214bd-6492-74d0-a249-e855224e53c8', 'E08999901', 1, 1, 1, 'NM-7', 'ChildProtection', '2026-01-01', NULL, NULL, false, '2026-11-25 22:04:46.098968+00', 's1', '\xc956dc6c0175aecb7fd779d2dfb87e592d6d42e76d2a88585e9c9278f93628c43cd7434d191a71e0fce221ed9cd6938915b2a14129575a561be8d8f2c0aa5d20e15221f91ea79832b7386f5ba7ec4fe52d9322276bf865333b483ee1f0b4f53bcab99ec7c08d2b90a69d94680098936c525b7cbaef965b2faf352b1871a0bfd1a0c75a23d1b15d3d254b5d9151feb7bd160d0b13d2df50cf4c41414cc2329396ac6b5bf10db23827c1d679588e03471c6839edbef0885ae586e58662de29141f9ea14d7d987da93c3af17fd9527927f8c6a326e7221bff460b', 'l1');
INSERT INTO matching.plan VALUES ('01a214bd-66cb-7fdf-b223-9ba86876c987', 'E08999901', 1, 1, 1, 'NM-8', 'ChildProtection', '2026-01-01', NULL, NULL, false, '2026-11-25 22:04:46.668183+00', 's1', '\xab43ce563f2bd334dcdc93288fb57160fb15017e57a4cfcadc7ee5cff3f2d1970badbb21de7a0ab96f8fcfc2bffafc2f7445fa0d84515ccba8981179c3141a134f5e785ad5385a464686a443fa02972d64c2030db46d256aac24b4256428b9ecd7df1885d69fbf5edc5240e1119eca2049b1382cd0324d7625de7b0d699f7591b4060e005edc5bc11497d51eb4b1c7a03f3883ebc63b14e6eef12025768019a6fb62767c3acb748dc13056e311fa8b0a5801da35b8f179d8100e2dadfc37377e47d405596a05a0dc25eba26ed6505115220c54d4ba6743038f', 'l1');


--
-- Data for Name: plan_key; Type: TABLE DATA; Schema: matching; Owner: -
--

INSERT INTO matching.plan_key VALUES (8964336454040655352, '01a214bd-566b-7567-a844-b40a2e220097');
INSERT INTO matching.plan_key VALUES (309956100897659417, '01a214bd-566b-7567-a844-b40a2e220097');
INSERT INTO matching.plan_key VALUES (-3779542755255426032, '01a214bd-566b-7567-a844-b40a2e220097');
INSERT INTO matching.plan_key VALUES (-3844807238862440738, '01a214bd-566b-7567-a844-b40a2e220097');
INSERT INTO matching.plan_key VALUES (-6887110483127097582, '01a214bd-566b-7567-a844-b40a2e220097');
INSERT INTO matching.plan_key VALUES (-8487016046774922260, '01a214bd-566b-7567-a844-b40a2e220097');
INSERT INTO matching.plan_key VALUES (-8943255765320349946, '01a214bd-566b-7567-a844-b40a2e220097');
INSERT INTO matching.plan_key VALUES (8964336454040655352, '01a214bd-5afa-7c74-ba04-d4b1a2ea9c06');
INSERT INTO matching.plan_key VALUES (8153930285490437202, '01a214bd-5afa-7c74-ba04-d4b1a2ea9c06');
INSERT INTO matching.plan_key VALUES (4146361741973986075, '01a214bd-5afa-7c74-ba04-d4b1a2ea9c06');
INSERT INTO matching.plan_key VALUES (-41235956573847315, '01a214bd-5afa-7c74-ba04-d4b1a2ea9c06');
INSERT INTO matching.plan_key VALUES (-1018421434969067656, '01a214bd-5afa-7c74-ba04-d4b1a2ea9c06');
INSERT INTO matching.plan_key VALUES (-3343096955446512661, '01a214bd-5afa-7c74-ba04-d4b1a2ea9c06');
INSERT INTO matching.plan_key VALUES (-8487016046774922260, '01a214bd-5afa-7c74-ba04-d4b1a2ea9c06');
INSERT INTO matching.plan_key VALUES (8964336454040655352, '01a214bd-5d8a-73ef-9134-094fa68d775f');
INSERT INTO matching.plan_key VALUES (1141150730750243038, '01a214bd-5d8a-73ef-9134-094fa68d775f');
INSERT INTO matching.plan_key VALUES (-570925184091822049, '01a214bd-5d8a-73ef-9134-094fa68d775f');
INSERT INTO matching.plan_key VALUES (-3913189366825400952, '01a214bd-5d8a-73ef-9134-094fa68d775f');
INSERT INTO matching.plan_key VALUES (-5471338386727094538, '01a214bd-5d8a-73ef-9134-094fa68d775f');
INSERT INTO matching.plan_key VALUES (-8050432660687897653, '01a214bd-5d8a-73ef-9134-094fa68d775f');
INSERT INTO matching.plan_key VALUES (-8487016046774922260, '01a214bd-5d8a-73ef-9134-094fa68d775f');
INSERT INTO matching.plan_key VALUES (8964336454040655352, '01a214bd-5eed-76b1-9b93-a15f7f8763b8');
INSERT INTO matching.plan_key VALUES (5468439748843642107, '01a214bd-5eed-76b1-9b93-a15f7f8763b8');
INSERT INTO matching.plan_key VALUES (4899318671452726956, '01a214bd-5eed-76b1-9b93-a15f7f8763b8');
INSERT INTO matching.plan_key VALUES (4160321152928517352, '01a214bd-5eed-76b1-9b93-a15f7f8763b8');
INSERT INTO matching.plan_key VALUES (4126888810527478663, '01a214bd-5eed-76b1-9b93-a15f7f8763b8');
INSERT INTO matching.plan_key VALUES (1510367041587594024, '01a214bd-5eed-76b1-9b93-a15f7f8763b8');
INSERT INTO matching.plan_key VALUES (-8487016046774922260, '01a214bd-5eed-76b1-9b93-a15f7f8763b8');
INSERT INTO matching.plan_key VALUES (8964336454040655352, '01a214bd-60c7-7cdf-b0be-de14a3ef0558');
INSERT INTO matching.plan_key VALUES (8957932254894380542, '01a214bd-60c7-7cdf-b0be-de14a3ef0558');
INSERT INTO matching.plan_key VALUES (8879684401374856302, '01a214bd-60c7-7cdf-b0be-de14a3ef0558');
INSERT INTO matching.plan_key VALUES (3443303679596579068, '01a214bd-60c7-7cdf-b0be-de14a3ef0558');
INSERT INTO matching.plan_key VALUES (-1323683204911762466, '01a214bd-60c7-7cdf-b0be-de14a3ef0558');
INSERT INTO matching.plan_key VALUES (-3147680749040655685, '01a214bd-60c7-7cdf-b0be-de14a3ef0558');
INSERT INTO matching.plan_key VALUES (-8487016046774922260, '01a214bd-60c7-7cdf-b0be-de14a3ef0558');
INSERT INTO matching.plan_key VALUES (8964336454040655352, '01a214bd-6325-7834-b1a4-8df155b1f11e');
INSERT INTO matching.plan_key VALUES (7157430333371788399, '01a214bd-6325-7834-b1a4-8df155b1f11e');
INSERT INTO matching.plan_key VALUES (2525576686152544562, '01a214bd-6325-7834-b1a4-8df155b1f11e');
INSERT INTO matching.plan_key VALUES (-1101599236527165461, '01a214bd-6325-7834-b1a4-8df155b1f11e');
INSERT INTO matching.plan_key VALUES (-4040827268307581173, '01a214bd-6325-7834-b1a4-8df155b1f11e');
INSERT INTO matching.plan_key VALUES (-8358800351558362731, '01a214bd-6325-7834-b1a4-8df155b1f11e');
INSERT INTO matching.plan_key VALUES (-8487016046774922260, '01a214bd-6325-7834-b1a4-8df155b1f11e');
INSERT INTO matching.plan_key VALUES (8964336454040655352, '01a214bd-6492-74d0-a249-e855224e53c8');
INSERT INTO matching.plan_key VALUES (5135667371063755906, '01a214bd-6492-74d0-a249-e855224e53c8');
INSERT INTO matching.plan_key VALUES (4679572936465093446, '01a214bd-6492-74d0-a249-e855224e53c8');
INSERT INTO matching.plan_key VALUES (-1066895396183497296, '01a214bd-6492-74d0-a249-e855224e53c8');
INSERT INTO matching.plan_key VALUES (-5258771278168859725, '01a214bd-6492-74d0-a249-e855224e53c8');
INSERT INTO matching.plan_key VALUES (-5712360912439758251, '01a214bd-6492-74d0-a249-e855224e53c8');
INSERT INTO matching.plan_key VALUES (-8487016046774922260, '01a214bd-6492-74d0-a249-e855224e53c8');
INSERT INTO matching.plan_key VALUES (8964336454040655352, '01a214bd-66cb-7fdf-b223-9ba86876c987');
INSERT INTO matching.plan_key VALUES (4131308404224647684, '01a214bd-66cb-7fdf-b223-9ba86876c987');
INSERT INTO matching.plan_key VALUES (1352176028701343200, '01a214bd-66cb-7fdf-b223-9ba86876c987');
INSERT INTO matching.plan_key VALUES (926398613931082235, '01a214bd-66cb-7fdf-b223-9ba86876c987');
INSERT INTO matching.plan_key VALUES (-1222964435590889490, '01a214bd-66cb-7fdf-b223-9ba86876c987');
INSERT INTO matching.plan_key VALUES (-7052984654968012672, '01a214bd-66cb-7fdf-b223-9ba86876c987');
INSERT INTO matching.plan_key VALUES (-8487016046774922260, '01a214bd-66cb-7fdf-b223-9ba86876c987');


--
-- Data for Name: plan_or_encounter; Type: TABLE DATA; Schema: matching; Owner: -
--



--
-- Data for Name: review; Type: TABLE DATA; Schema: matching; Owner: -
--



--
-- Data for Name: verdict; Type: TABLE DATA; Schema: matching; Owner: -
--



--
-- Data for Name: __ef_migrations_history; Type: TABLE DATA; Schema: notification; Owner: -
--

INSERT INTO notification.__ef_migrations_history VALUES ('20261122211743_Initial', '10.0.15');


--
-- Data for Name: alert; Type: TABLE DATA; Schema: notification; Owner: -
--

INSERT INTO notification.alert VALUES ('01a214bd-85ac-7736-b164-199b23963ec2', '01a214bd-7d89-7f19-9aac-cb8456fa788b', 'E08999901', 1, 1, 'Raised', 'Raised', NULL, true, true, '2026-11-25 22:04:54.572847+00', '[{"kind": "childProtection", "role": "child", "planId": "01a214bd-5afa-7c74-ba04-d4b1a2ea9c06", "reference": "NM-2"}]', 0.9999999377355181, '2026.11.1+2026.11.1', false, 'Arrived', '2026-11-25 22:04:52+00', NULL, '2026-11-25 22:04:52.489508+00', '[]', 's1', '\x3de49e2bac671a178d35cefed270cb3e3182e567de916f26cb74ced5b9c69849855972fa3fe5f3581098e6c15ad2c1eddd8cc3e9490b488e07a7de5a7e65776ac79dafaa6c03c0dbfe48e854fe895ea2b371369408', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '00-73dabc50c9c60bb9284d58a87d34f761-4fb0c8f5d1ea2edc-00');
INSERT INTO notification.alert VALUES ('01a214bd-85bc-706c-be57-f4e20213b4f7', '01a214bd-77f3-71a0-bb52-48dc4dc1c6c5', 'E08999901', 1, 1, 'Raised', 'Raised', NULL, true, true, '2026-11-25 22:04:54.588789+00', '[{"kind": "childProtection", "role": "child", "planId": "01a214bd-566b-7567-a844-b40a2e220097", "reference": "NM-1"}]', 0.9999999377355183, '2026.11.1+2026.11.1', false, 'Arrived', '2026-11-25 22:04:50+00', NULL, '2026-11-25 22:04:51.059901+00', '[]', 's1', '\xfc72253608c90947ef7b8205c9e3ee96dd762c1c8f6c409bcbeda5bd00d17f952f66dc83176bdd02138577cd1c498796651d8d00b720f8d5272d0cabbdd907036557564d74805ba45d3144ef4126b2eacdb4e9e05d', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '00-0aeed284b277ce2970f1ada2c52eef15-74f78f2cfab552bf-00');


--
-- Data for Name: alert_entry; Type: TABLE DATA; Schema: notification; Owner: -
--

INSERT INTO notification.alert_entry VALUES ('01a214bd-85bc-794e-9cc8-6025fe9c21e2', '01a214bd-85bc-706c-be57-f4e20213b4f7', '2026-11-25 22:04:54.588789+00', 'Raised', 1, 'Hub', NULL, NULL, NULL);
INSERT INTO notification.alert_entry VALUES ('01a214bd-85ac-7d62-b0cb-7d298b1c88bc', '01a214bd-85ac-7736-b164-199b23963ec2', '2026-11-25 22:04:54.572847+00', 'Raised', 1, 'Hub', NULL, NULL, NULL);


--
-- Data for Name: audit_record; Type: TABLE DATA; Schema: notification; Owner: -
--

INSERT INTO notification.audit_record VALUES ('01a214bd-9bb5-7609-9886-5e7d655aa715', '2026-11-25 22:05:00.213261+00', 'E08999901', 'northmoor-shell', 'alert.list', '01a214bd-85bc-706c-be57-f4e20213b4f7');
INSERT INTO notification.audit_record VALUES ('01a214bd-9cd6-7929-9b95-59d1004fa681', '2026-11-25 22:05:00.502313+00', 'E08999901', 'northmoor-shell', 'alert.list', '01a214bd-85ac-7736-b164-199b23963ec2');


--
-- Data for Name: council; Type: TABLE DATA; Schema: notification; Owner: -
--



--
-- Data for Name: delivery; Type: TABLE DATA; Schema: notification; Owner: -
--



--
-- Data for Name: delivery_attempt; Type: TABLE DATA; Schema: notification; Owner: -
--



--
-- Data for Name: inbox; Type: TABLE DATA; Schema: notification; Owner: -
--

INSERT INTO notification.inbox VALUES ('notification-raise-alert', '01a214bd-7bd6-7e74-baf5-de99e107e469');
INSERT INTO notification.inbox VALUES ('notification-raise-alert', '01a214bd-7ee8-7619-a306-140245442d4f');


--
-- Data for Name: outbox; Type: TABLE DATA; Schema: notification; Owner: -
--



--
-- Data for Name: parked_message; Type: TABLE DATA; Schema: notification; Owner: -
--



--
-- Data for Name: subscription; Type: TABLE DATA; Schema: notification; Owner: -
--



--
-- Data for Name: __ef_migrations_history; Type: TABLE DATA; Schema: plan_registry; Owner: -
--

INSERT INTO plan_registry.__ef_migrations_history VALUES ('20261122220353_Initial', '10.0.15');


--
-- Data for Name: audit_record; Type: TABLE DATA; Schema: plan_registry; Owner: -
--

INSERT INTO plan_registry.audit_record VALUES ('01a214bd-575b-76c4-a718-8add61a3e84b', '2026-11-25 22:04:42.716129+00', 'E08999901', 'northmoor-shell', 'plan.registered', '01a214bd-566b-7567-a844-b40a2e220097');
INSERT INTO plan_registry.audit_record VALUES ('01a214bd-5afb-75f7-a2ba-acdc25f50c6d', '2026-11-25 22:04:43.643719+00', 'E08999901', 'northmoor-shell', 'plan.registered', '01a214bd-5afa-7c74-ba04-d4b1a2ea9c06');
INSERT INTO plan_registry.audit_record VALUES ('01a214bd-5d8b-79ce-98d7-11ac58a13433', '2026-11-25 22:04:44.299132+00', 'E08999901', 'northmoor-shell', 'plan.registered', '01a214bd-5d8a-73ef-9134-094fa68d775f');
INSERT INTO plan_registry.audit_record VALUES ('01a214bd-5eed-70ea-8779-ecb5f6ccf32b', '2026-11-25 22:04:44.653717+00', 'E08999901', 'northmoor-shell', 'plan.registered', '01a214bd-5eed-76b1-9b93-a15f7f8763b8');
INSERT INTO plan_registry.audit_record VALUES ('01a214bd-60c8-797f-981d-2bb8cffc9512', '2026-11-25 22:04:45.128183+00', 'E08999901', 'northmoor-shell', 'plan.registered', '01a214bd-60c7-7cdf-b0be-de14a3ef0558');
INSERT INTO plan_registry.audit_record VALUES ('01a214bd-6325-7720-9db1-c0c88e181de1', '2026-11-25 22:04:45.733614+00', 'E08999901', 'northmoor-shell', 'plan.registered', '01a214bd-6325-7834-b1a4-8df155b1f11e');
INSERT INTO plan_registry.audit_record VALUES ('01a214bd-6492-77f9-97f4-8eae778e8c93', '2026-11-25 22:04:46.098875+00', 'E08999901', 'northmoor-shell', 'plan.registered', '01a214bd-6492-74d0-a249-e855224e53c8');
INSERT INTO plan_registry.audit_record VALUES ('01a214bd-66cc-7019-90c3-f4484c49164a', '2026-11-25 22:04:46.668076+00', 'E08999901', 'northmoor-shell', 'plan.registered', '01a214bd-66cb-7fdf-b223-9ba86876c987');


--
-- Data for Name: council; Type: TABLE DATA; Schema: plan_registry; Owner: -
--



--
-- Data for Name: inbox; Type: TABLE DATA; Schema: plan_registry; Owner: -
--



--
-- Data for Name: outbox; Type: TABLE DATA; Schema: plan_registry; Owner: -
--



--
-- Data for Name: parked_message; Type: TABLE DATA; Schema: plan_registry; Owner: -
--



--
-- Data for Name: plan; Type: TABLE DATA; Schema: plan_registry; Owner: -
--

INSERT INTO plan_registry.plan VALUES ('01a214bd-566b-7567-a844-b40a2e220097', 'E08999901', 'NM-1', 1, 'ChildProtection', '2026-01-01', NULL, NULL, '\x7a29e0df641a60710fc35d39c582f5887b1e82b6e92a1af706b81713750ccce1d25acdf001c1f0e9cc9432bef4bfd4f48bbac806a759485e30ef7a63d41b0f2a94193a920552fa7176afa0fe96aea5461dcaf970923ca3865e70df0b37a41b7a885c5159b03d021d8ebc4a8e8b831f449617d8387c3a1d02d9254df854cec05e9bb9c466247103a8a8afbfc706301422b3e3df04f56c8154731ee5efb2e3c5b08654da423c5064d924ab9941b9c288b52f8795115b297beb2799ea1cb6a5d6f3166882c39d4ecf8ca5ecb82d3ba06f6ea1cbd270291ecb70b3', 's1', '\x5e67922b4633abae632b80bdab9bdd9873b9d9766c06de109b38b32e8918c523', '\xd2608bfd79746663c4bfd0696509019d14a574cf98f604f3af2af24ba8f9b56e', false, '2026-11-25 22:04:42.474609+00', '2026-11-25 22:04:42.474609+00', NULL, NULL);
INSERT INTO plan_registry.plan VALUES ('01a214bd-5afa-7c74-ba04-d4b1a2ea9c06', 'E08999901', 'NM-2', 1, 'ChildProtection', '2026-01-01', NULL, NULL, '\xaec7246ac1deecab0255cfe204e2d146889fc82e39d4eec80ab776890f760dedb12adce4d4fc6fab1c463acb3dd2d5e685b1a68bb283959b7e9837244faed9ccd0f2f69bb6e49d2140d1b99253ecce29cdabb9b060e98ef12017437f13998426b55e08c17c03ae6673e30c8f23331d10f4a9892f69ced213d7267136fe45dc54142474b51953aa5886093cc617f7c2316c32b593fb7dae91318f080218bead02a2fdfd12aa6a969c2832aca40d270c6f7c665a36253abcb41868342df82cb1abae905b7c939b28c32962dcd8bd6c7232a4fb04472bee2a865f', 's1', '\x816d58488ed051b84f6e44548d3225de504b6f1dbf4f7c43c29d84775ea948c5', '\xcdf6249f2ba080d88611032242983c0deb8f40a20a570ec32242915616c60f89', false, '2026-11-25 22:04:43.642157+00', '2026-11-25 22:04:43.642157+00', NULL, NULL);
INSERT INTO plan_registry.plan VALUES ('01a214bd-5d8a-73ef-9134-094fa68d775f', 'E08999901', 'NM-3', 1, 'ChildProtection', '2026-01-01', NULL, NULL, '\x35f0add12e8b641efb842fcc5b8c7e00476ef38c3ecd0f4da9080b8887e7dfcf25615476764387a9a5d7137ca42a1613e4aeaed3b7db60b1cab6d5e62a1068af8a9f103cad479ab028013f045237deb08f02ba4a02a49c283b6c0c584aecae62b4b0ac68b33d6d86a3511e1061b4618fab09ab0273c1d7402098ace45940ac3fe4495a96f471ebf566c57dbfe60eee26dd970df33d796603fb1e4ce016aefc023791ee814950124da06d5d433f313f0920c844866ea774db2f00976794271447743d6adfb246302a766f8b37438c2c9afbe6cf43ff6207a6dc', 's1', '\x3f3b5401a2f9456fc100ec32acc1e2a124485991e396a46c10c245c3f6b7dfcd', '\xe5ebc6c8402423aeb8dd00725dcb1033934d37035544103e49e67fb3bbd8bc86', false, '2026-11-25 22:04:44.29868+00', '2026-11-25 22:04:44.29868+00', NULL, NULL);
INSERT INTO plan_registry.plan VALUES ('01a214bd-5eed-76b1-9b93-a15f7f8763b8', 'E08999901', 'NM-4', 1, 'ChildProtection', '2026-01-01', NULL, NULL, '\x31db43f019ea8d1fb792ba3cb25bae49e984aa61bbd68e64880ffe12e0a3c41979d21a86b371405d3dc4373a16f8098119fb9512e3682658e4eba3d3e1f5918fb8efc3088b3eafa12155af21ff79fcb9e005f2c5aaa79591e7f01abac149a0c65a21d396cd8d60db1c0c4b19ae943d9e938e8b46cb9f2dfa8c4caec837b078af81783b18860f828ae245e6cd34fa0850f6ec9993ba5f98034b4a3ee99c3230828f7260bf6f0ab2f121771b5e9169109dc4f3938f4036ea97fb5beb7da6451e6db30f2b69e7b22f8591c50d625f071fb928839e81f638a7208c', 's1', '\xb85ea5948dfa6ca686bcc8acc96ee43dbedf4d30ac3810fd71231c66f01361dc', '\x8ca365550cae60c309300e87fae2b8bc00bf74f28e1fea7ef137124ac0163bfa', false, '2026-11-25 22:04:44.653183+00', '2026-11-25 22:04:44.653183+00', NULL, NULL);
INSERT INTO plan_registry.plan VALUES ('01a214bd-60c7-7cdf-b0be-de14a3ef0558', 'E08999901', 'NM-5', 1, 'ChildProtection', '2026-01-01', NULL, NULL, '\x971bc716f919687a2b88e69bd4681641da3b21ac0b528dd1feb952a526576cd9595dd422c8d8d563750037c6325b6ed208bb48c8da8295a1fc802e2472752843d65d7337e12155e33719456e2bdd6c2e963760216c0e1ad0d0f251577c3e45217012056e3a45ee54b2b8de0e98ee029bdde21baccb35ccf3464784e7c4205d1a5ad028294a5b7042e7f5273a67b494858b266f7997922bdc900a5053c6002e8da9e70b2d79c6782458ec8a8a1b8db555c408a590e88c8185877fe602ac01f17e34eed0d4f84fa65079b3e0c56fa7c27a3ab962123df6ccb782', 's1', '\x4d944467bdb99f1f1e1435da2dee907df0ca0cd787cedb06942ad3aac1aa2114', '\x46529f1040642e6fce72df39094020075a9e44299eab558e39b26466fe5ab909', false, '2026-11-25 22:04:45.127746+00', '2026-11-25 22:04:45.127746+00', NULL, NULL);
INSERT INTO plan_registry.plan VALUES ('01a214bd-6325-7834-b1a4-8df155b1f11e', 'E08999901', 'NM-6', 1, 'ChildProtection', '2026-01-01', NULL, NULL, '\x7ec27a814fc6e98cdd6eeac1a318a1de6de8510748945b091ac869cb59e3cface1785d3030952c9aa17ff9d909d99ad636f8baf872947b4216f6e912c40f0b1b04f3d98a73e7cc1fe0cf6bb15d8569336b292126d77bfc990750a3a3b976240a21f61862bbf9e91a1fbcf8dce171c39e6b2e86995e0a5cfa1b2590af8fc43317877383d870dceba9c651073583f15baf1dfe798c338cb4c4faa0eaf955880993c6ebbf855d52c9d2c84092ff70ce03a83110f2c7bfdbce55ae8df7e87872c577082d3dc79fe133e9cb5b2c9e370c4744237c5e6401fbae9a44', 's1', '\x2c4e98d0ff749a6700612219a6530b93efecb708a0ef0c46ae1d882a67085fc0', '\x7a226977d362aaa9e4e781858469c74c0f386d1bfc32b763fd7b2e811e223c1c', false, '2026-11-25 22:04:45.733118+00', '2026-11-25 22:04:45.733118+00', NULL, NULL);
INSERT INTO plan_registry.plan VALUES ('01a214bd-6492-74d0-a249-e855224e53c8', 'E08999901', 'NM-7', 1, 'ChildProtection', '2026-01-01', NULL, NULL, '\xc956dc6c0175aecb7fd779d2dfb87e592d6d42e76d2a88585e9c9278f93628c43cd7434d191a71e0fce221ed9cd6938915b2a14129575a561be8d8f2c0aa5d20e15221f91ea79832b7386f5ba7ec4fe52d9322276bf865333b483ee1f0b4f53bcab99ec7c08d2b90a69d94680098936c525b7cbaef965b2faf352b1871a0bfd1a0c75a23d1b15d3d254b5d9151feb7bd160d0b13d2df50cf4c41414cc2329396ac6b5bf10db23827c1d679588e03471c6839edbef0885ae586e58662de29141f9ea14d7d987da93c3af17fd9527927f8c6a326e7221bff460b', 's1', '\x8eb0f861d09ca12ea3d51fc82cf48fe8260f8c2a1f5059dd78f8d0b19c4ad47d', '\x82e9747f0bdd80c4c8d76350c72c9d50cc2e6c5dd6099fe6d07fc2a59b0ed523', false, '2026-11-25 22:04:46.098401+00', '2026-11-25 22:04:46.098401+00', NULL, NULL);
INSERT INTO plan_registry.plan VALUES ('01a214bd-66cb-7fdf-b223-9ba86876c987', 'E08999901', 'NM-8', 1, 'ChildProtection', '2026-01-01', NULL, NULL, '\xab43ce563f2bd334dcdc93288fb57160fb15017e57a4cfcadc7ee5cff3f2d1970badbb21de7a0ab96f8fcfc2bffafc2f7445fa0d84515ccba8981179c3141a134f5e785ad5385a464686a443fa02972d64c2030db46d256aac24b4256428b9ecd7df1885d69fbf5edc5240e1119eca2049b1382cd0324d7625de7b0d699f7591b4060e005edc5bc11497d51eb4b1c7a03f3883ebc63b14e6eef12025768019a6fb62767c3acb748dc13056e311fa8b0a5801da35b8f179d8100e2dadfc37377e47d405596a05a0dc25eba26ed6505115220c54d4ba6743038f', 's1', '\x8da9bd18daf1d2c757fbb5d2643b774d4d18aee1d04668bfa20b9c6655b18ab8', '\xbef08959e4ce1ef6e7bc33d34217776a765343d4e642f4c58e10aafecd597d8e', false, '2026-11-25 22:04:46.66753+00', '2026-11-25 22:04:46.66753+00', NULL, NULL);


--
-- Data for Name: upload; Type: TABLE DATA; Schema: plan_registry; Owner: -
--



--
-- Data for Name: upload_ending; Type: TABLE DATA; Schema: plan_registry; Owner: -
--



--
-- Data for Name: upload_line; Type: TABLE DATA; Schema: plan_registry; Owner: -
--



--
-- Name: delivery_attempt_id_seq; Type: SEQUENCE SET; Schema: notification; Owner: -
--

SELECT pg_catalog.setval('notification.delivery_attempt_id_seq', 1, false);


--
-- Name: __ef_migrations_history PK___ef_migrations_history; Type: CONSTRAINT; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.__ef_migrations_history
    ADD CONSTRAINT "PK___ef_migrations_history" PRIMARY KEY ("MigrationId");


--
-- Name: encounter_version encounter_version_pkey; Type: CONSTRAINT; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version
    ADD CONSTRAINT encounter_version_pkey PRIMARY KEY (encounter_id, version, received_at);


--
-- Name: encounter_version_20261124 encounter_version_20261124_pkey; Type: CONSTRAINT; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version_20261124
    ADD CONSTRAINT encounter_version_20261124_pkey PRIMARY KEY (encounter_id, version, received_at);


--
-- Name: encounter_version_20261125 encounter_version_20261125_pkey; Type: CONSTRAINT; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version_20261125
    ADD CONSTRAINT encounter_version_20261125_pkey PRIMARY KEY (encounter_id, version, received_at);


--
-- Name: encounter_version_20261126 encounter_version_20261126_pkey; Type: CONSTRAINT; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version_20261126
    ADD CONSTRAINT encounter_version_20261126_pkey PRIMARY KEY (encounter_id, version, received_at);


--
-- Name: encounter_version_20261127 encounter_version_20261127_pkey; Type: CONSTRAINT; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version_20261127
    ADD CONSTRAINT encounter_version_20261127_pkey PRIMARY KEY (encounter_id, version, received_at);


--
-- Name: encounter_version_20261128 encounter_version_20261128_pkey; Type: CONSTRAINT; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version_20261128
    ADD CONSTRAINT encounter_version_20261128_pkey PRIMARY KEY (encounter_id, version, received_at);


--
-- Name: encounter_version_20261129 encounter_version_20261129_pkey; Type: CONSTRAINT; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version_20261129
    ADD CONSTRAINT encounter_version_20261129_pkey PRIMARY KEY (encounter_id, version, received_at);


--
-- Name: encounter_version_20261130 encounter_version_20261130_pkey; Type: CONSTRAINT; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version_20261130
    ADD CONSTRAINT encounter_version_20261130_pkey PRIMARY KEY (encounter_id, version, received_at);


--
-- Name: encounter_version_20261201 encounter_version_20261201_pkey; Type: CONSTRAINT; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version_20261201
    ADD CONSTRAINT encounter_version_20261201_pkey PRIMARY KEY (encounter_id, version, received_at);


--
-- Name: encounter_version_20261202 encounter_version_20261202_pkey; Type: CONSTRAINT; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter_version_20261202
    ADD CONSTRAINT encounter_version_20261202_pkey PRIMARY KEY (encounter_id, version, received_at);


--
-- Name: audit_record pk_audit_record; Type: CONSTRAINT; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.audit_record
    ADD CONSTRAINT pk_audit_record PRIMARY KEY (id);


--
-- Name: encounter pk_encounter; Type: CONSTRAINT; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.encounter
    ADD CONSTRAINT pk_encounter PRIMARY KEY (id);


--
-- Name: inbox pk_inbox; Type: CONSTRAINT; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.inbox
    ADD CONSTRAINT pk_inbox PRIMARY KEY (consumer, event_id);


--
-- Name: outbox pk_outbox; Type: CONSTRAINT; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.outbox
    ADD CONSTRAINT pk_outbox PRIMARY KEY (id);


--
-- Name: parked_message pk_parked_message; Type: CONSTRAINT; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.parked_message
    ADD CONSTRAINT pk_parked_message PRIMARY KEY (id);


--
-- Name: site pk_site; Type: CONSTRAINT; Schema: encounter_ingest; Owner: -
--

ALTER TABLE ONLY encounter_ingest.site
    ADD CONSTRAINT pk_site PRIMARY KEY (organisation, ods);


--
-- Name: __ef_migrations_history PK___ef_migrations_history; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.__ef_migrations_history
    ADD CONSTRAINT "PK___ef_migrations_history" PRIMARY KEY ("MigrationId");


--
-- Name: council_match council_match_pkey; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.council_match
    ADD CONSTRAINT council_match_pkey PRIMARY KEY (encounter_id, council_code);


--
-- Name: decision decision_pkey; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY (decision_id, day);


--
-- Name: decision_20261125 decision_20261125_pkey; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.decision_20261125
    ADD CONSTRAINT decision_20261125_pkey PRIMARY KEY (decision_id, day);


--
-- Name: decision_20261126 decision_20261126_pkey; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.decision_20261126
    ADD CONSTRAINT decision_20261126_pkey PRIMARY KEY (decision_id, day);


--
-- Name: decision_kept decision_kept_pkey; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.decision_kept
    ADD CONSTRAINT decision_kept_pkey PRIMARY KEY (decision_id, day);


--
-- Name: encounter_fact encounter_fact_pkey; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.encounter_fact
    ADD CONSTRAINT encounter_fact_pkey PRIMARY KEY (encounter_id, day);


--
-- Name: encounter_fact_20261125 encounter_fact_20261125_pkey; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.encounter_fact_20261125
    ADD CONSTRAINT encounter_fact_20261125_pkey PRIMARY KEY (encounter_id, day);


--
-- Name: encounter_fact_20261126 encounter_fact_20261126_pkey; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.encounter_fact_20261126
    ADD CONSTRAINT encounter_fact_20261126_pkey PRIMARY KEY (encounter_id, day);


--
-- Name: encounter_key encounter_key_pkey; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.encounter_key
    ADD CONSTRAINT encounter_key_pkey PRIMARY KEY (mac, encounter_id, day);


--
-- Name: encounter_key_20261125 encounter_key_20261125_pkey; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.encounter_key_20261125
    ADD CONSTRAINT encounter_key_20261125_pkey PRIMARY KEY (mac, encounter_id, day);


--
-- Name: encounter_key_20261126 encounter_key_20261126_pkey; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.encounter_key_20261126
    ADD CONSTRAINT encounter_key_20261126_pkey PRIMARY KEY (mac, encounter_id, day);


--
-- Name: encounter encounter_pkey; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.encounter
    ADD CONSTRAINT encounter_pkey PRIMARY KEY (encounter_id);


--
-- Name: kept_encounter kept_encounter_pkey; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.kept_encounter
    ADD CONSTRAINT kept_encounter_pkey PRIMARY KEY (encounter_id);


--
-- Name: audit_record pk_audit_record; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.audit_record
    ADD CONSTRAINT pk_audit_record PRIMARY KEY (id);


--
-- Name: inbox pk_inbox; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.inbox
    ADD CONSTRAINT pk_inbox PRIMARY KEY (consumer, event_id);


--
-- Name: outbox pk_outbox; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.outbox
    ADD CONSTRAINT pk_outbox PRIMARY KEY (id);


--
-- Name: parked_message pk_parked_message; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.parked_message
    ADD CONSTRAINT pk_parked_message PRIMARY KEY (id);


--
-- Name: plan_key plan_key_pkey; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.plan_key
    ADD CONSTRAINT plan_key_pkey PRIMARY KEY (mac, plan_id);


--
-- Name: plan plan_pkey; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.plan
    ADD CONSTRAINT plan_pkey PRIMARY KEY (plan_id);


--
-- Name: review review_encounter_id_council_code_key; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.review
    ADD CONSTRAINT review_encounter_id_council_code_key UNIQUE (encounter_id, council_code);


--
-- Name: review review_pkey; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.review
    ADD CONSTRAINT review_pkey PRIMARY KEY (review_id);


--
-- Name: verdict verdict_pkey; Type: CONSTRAINT; Schema: matching; Owner: -
--

ALTER TABLE ONLY matching.verdict
    ADD CONSTRAINT verdict_pkey PRIMARY KEY (encounter_id, plan_id);


--
-- Name: __ef_migrations_history PK___ef_migrations_history; Type: CONSTRAINT; Schema: notification; Owner: -
--

ALTER TABLE ONLY notification.__ef_migrations_history
    ADD CONSTRAINT "PK___ef_migrations_history" PRIMARY KEY ("MigrationId");


--
-- Name: alert pk_alert; Type: CONSTRAINT; Schema: notification; Owner: -
--

ALTER TABLE ONLY notification.alert
    ADD CONSTRAINT pk_alert PRIMARY KEY (id);


--
-- Name: alert_entry pk_alert_entry; Type: CONSTRAINT; Schema: notification; Owner: -
--

ALTER TABLE ONLY notification.alert_entry
    ADD CONSTRAINT pk_alert_entry PRIMARY KEY (id);


--
-- Name: audit_record pk_audit_record; Type: CONSTRAINT; Schema: notification; Owner: -
--

ALTER TABLE ONLY notification.audit_record
    ADD CONSTRAINT pk_audit_record PRIMARY KEY (id);


--
-- Name: council pk_council; Type: CONSTRAINT; Schema: notification; Owner: -
--

ALTER TABLE ONLY notification.council
    ADD CONSTRAINT pk_council PRIMARY KEY (code);


--
-- Name: delivery pk_delivery; Type: CONSTRAINT; Schema: notification; Owner: -
--

ALTER TABLE ONLY notification.delivery
    ADD CONSTRAINT pk_delivery PRIMARY KEY (id);


--
-- Name: delivery_attempt pk_delivery_attempt; Type: CONSTRAINT; Schema: notification; Owner: -
--

ALTER TABLE ONLY notification.delivery_attempt
    ADD CONSTRAINT pk_delivery_attempt PRIMARY KEY (id);


--
-- Name: inbox pk_inbox; Type: CONSTRAINT; Schema: notification; Owner: -
--

ALTER TABLE ONLY notification.inbox
    ADD CONSTRAINT pk_inbox PRIMARY KEY (consumer, event_id);


--
-- Name: outbox pk_outbox; Type: CONSTRAINT; Schema: notification; Owner: -
--

ALTER TABLE ONLY notification.outbox
    ADD CONSTRAINT pk_outbox PRIMARY KEY (id);


--
-- Name: parked_message pk_parked_message; Type: CONSTRAINT; Schema: notification; Owner: -
--

ALTER TABLE ONLY notification.parked_message
    ADD CONSTRAINT pk_parked_message PRIMARY KEY (id);


--
-- Name: subscription pk_subscription; Type: CONSTRAINT; Schema: notification; Owner: -
--

ALTER TABLE ONLY notification.subscription
    ADD CONSTRAINT pk_subscription PRIMARY KEY (id);


--
-- Name: __ef_migrations_history PK___ef_migrations_history; Type: CONSTRAINT; Schema: plan_registry; Owner: -
--

ALTER TABLE ONLY plan_registry.__ef_migrations_history
    ADD CONSTRAINT "PK___ef_migrations_history" PRIMARY KEY ("MigrationId");


--
-- Name: audit_record pk_audit_record; Type: CONSTRAINT; Schema: plan_registry; Owner: -
--

ALTER TABLE ONLY plan_registry.audit_record
    ADD CONSTRAINT pk_audit_record PRIMARY KEY (id);


--
-- Name: council pk_council; Type: CONSTRAINT; Schema: plan_registry; Owner: -
--

ALTER TABLE ONLY plan_registry.council
    ADD CONSTRAINT pk_council PRIMARY KEY (code);


--
-- Name: inbox pk_inbox; Type: CONSTRAINT; Schema: plan_registry; Owner: -
--

ALTER TABLE ONLY plan_registry.inbox
    ADD CONSTRAINT pk_inbox PRIMARY KEY (consumer, event_id);


--
-- Name: outbox pk_outbox; Type: CONSTRAINT; Schema: plan_registry; Owner: -
--

ALTER TABLE ONLY plan_registry.outbox
    ADD CONSTRAINT pk_outbox PRIMARY KEY (id);


--
-- Name: parked_message pk_parked_message; Type: CONSTRAINT; Schema: plan_registry; Owner: -
--

ALTER TABLE ONLY plan_registry.parked_message
    ADD CONSTRAINT pk_parked_message PRIMARY KEY (id);


--
-- Name: plan pk_plan; Type: CONSTRAINT; Schema: plan_registry; Owner: -
--

ALTER TABLE ONLY plan_registry.plan
    ADD CONSTRAINT pk_plan PRIMARY KEY (id);


--
-- Name: upload pk_upload; Type: CONSTRAINT; Schema: plan_registry; Owner: -
--

ALTER TABLE ONLY plan_registry.upload
    ADD CONSTRAINT pk_upload PRIMARY KEY (id);


--
-- Name: upload_ending pk_upload_ending; Type: CONSTRAINT; Schema: plan_registry; Owner: -
--

ALTER TABLE ONLY plan_registry.upload_ending
    ADD CONSTRAINT pk_upload_ending PRIMARY KEY (upload_id, reference);


--
-- Name: upload_line pk_upload_line; Type: CONSTRAINT; Schema: plan_registry; Owner: -
--

ALTER TABLE ONLY plan_registry.upload_line
    ADD CONSTRAINT pk_upload_line PRIMARY KEY (upload_id, line);


--
-- Name: ix_audit_record_subject; Type: INDEX; Schema: encounter_ingest; Owner: -
--

CREATE INDEX ix_audit_record_subject ON encounter_ingest.audit_record USING btree (subject);


--
-- Name: ix_encounter_identifier_mac_organisation; Type: INDEX; Schema: encounter_ingest; Owner: -
--

CREATE UNIQUE INDEX ix_encounter_identifier_mac_organisation ON encounter_ingest.encounter USING btree (identifier_mac, organisation);


--
-- Name: ix_outbox_next_attempt_at; Type: INDEX; Schema: encounter_ingest; Owner: -
--

CREATE INDEX ix_outbox_next_attempt_at ON encounter_ingest.outbox USING btree (next_attempt_at);


--
-- Name: ix_outbox_unsent; Type: INDEX; Schema: encounter_ingest; Owner: -
--

CREATE INDEX ix_outbox_unsent ON encounter_ingest.outbox USING btree (created_at) WHERE (sent_at IS NULL);


--
-- Name: ix_parked_message_waiting; Type: INDEX; Schema: encounter_ingest; Owner: -
--

CREATE INDEX ix_parked_message_waiting ON encounter_ingest.parked_message USING btree (parked_at) WHERE (replayed_at IS NULL);


--
-- Name: ix_decision_encounter_id; Type: INDEX; Schema: matching; Owner: -
--

CREATE INDEX ix_decision_encounter_id ON ONLY matching.decision USING btree (encounter_id);


--
-- Name: decision_20261125_encounter_id_idx; Type: INDEX; Schema: matching; Owner: -
--

CREATE INDEX decision_20261125_encounter_id_idx ON matching.decision_20261125 USING btree (encounter_id);


--
-- Name: decision_20261126_encounter_id_idx; Type: INDEX; Schema: matching; Owner: -
--

CREATE INDEX decision_20261126_encounter_id_idx ON matching.decision_20261126 USING btree (encounter_id);


--
-- Name: decision_kept_encounter_id_idx; Type: INDEX; Schema: matching; Owner: -
--

CREATE INDEX decision_kept_encounter_id_idx ON matching.decision_kept USING btree (encounter_id);


--
-- Name: ix_audit_record_subject; Type: INDEX; Schema: matching; Owner: -
--

CREATE INDEX ix_audit_record_subject ON matching.audit_record USING btree (subject);


--
-- Name: ix_council_match_plan_ids; Type: INDEX; Schema: matching; Owner: -
--

CREATE INDEX ix_council_match_plan_ids ON matching.council_match USING gin (plan_ids);


--
-- Name: ix_outbox_next_attempt_at; Type: INDEX; Schema: matching; Owner: -
--

CREATE INDEX ix_outbox_next_attempt_at ON matching.outbox USING btree (next_attempt_at);


--
-- Name: ix_outbox_unsent; Type: INDEX; Schema: matching; Owner: -
--

CREATE INDEX ix_outbox_unsent ON matching.outbox USING btree (created_at) WHERE (sent_at IS NULL);


--
-- Name: ix_parked_message_waiting; Type: INDEX; Schema: matching; Owner: -
--

CREATE INDEX ix_parked_message_waiting ON matching.parked_message USING btree (parked_at) WHERE (replayed_at IS NULL);


--
-- Name: ix_plan_key_plan_id; Type: INDEX; Schema: matching; Owner: -
--

CREATE INDEX ix_plan_key_plan_id ON matching.plan_key USING btree (plan_id);


--
-- Name: ix_review_open; Type: INDEX; Schema: matching; Owner: -
--

CREATE INDEX ix_review_open ON matching.review USING btree (council_code, raised_at) WHERE (state = 'open'::text);


--
-- Name: ix_review_plan_ids; Type: INDEX; Schema: matching; Owner: -
--

CREATE INDEX ix_review_plan_ids ON matching.review USING gin (plan_ids);


--
-- Name: ix_alert_council_code_id; Type: INDEX; Schema: notification; Owner: -
--

CREATE INDEX ix_alert_council_code_id ON notification.alert USING btree (council_code, id);


--
-- Name: ix_alert_encounter_id_council_code; Type: INDEX; Schema: notification; Owner: -
--

CREATE UNIQUE INDEX ix_alert_encounter_id_council_code ON notification.alert USING btree (encounter_id, council_code);


--
-- Name: ix_alert_entry_alert_id_id; Type: INDEX; Schema: notification; Owner: -
--

CREATE INDEX ix_alert_entry_alert_id_id ON notification.alert_entry USING btree (alert_id, id);


--
-- Name: ix_alert_feed; Type: INDEX; Schema: notification; Owner: -
--

CREATE INDEX ix_alert_feed ON notification.alert USING btree (council_code, id) WHERE in_feed;


--
-- Name: ix_audit_record_subject; Type: INDEX; Schema: notification; Owner: -
--

CREATE INDEX ix_audit_record_subject ON notification.audit_record USING btree (subject);


--
-- Name: ix_delivery_alert_id; Type: INDEX; Schema: notification; Owner: -
--

CREATE INDEX ix_delivery_alert_id ON notification.delivery USING btree (alert_id);


--
-- Name: ix_delivery_attempt_delivery_id; Type: INDEX; Schema: notification; Owner: -
--

CREATE INDEX ix_delivery_attempt_delivery_id ON notification.delivery_attempt USING btree (delivery_id);


--
-- Name: ix_delivery_attempt_subscription_id_id; Type: INDEX; Schema: notification; Owner: -
--

CREATE INDEX ix_delivery_attempt_subscription_id_id ON notification.delivery_attempt USING btree (subscription_id, id);


--
-- Name: ix_delivery_subscription_id_alert_id_alert_version; Type: INDEX; Schema: notification; Owner: -
--

CREATE UNIQUE INDEX ix_delivery_subscription_id_alert_id_alert_version ON notification.delivery USING btree (subscription_id, alert_id, alert_version);


--
-- Name: ix_delivery_waiting; Type: INDEX; Schema: notification; Owner: -
--

CREATE INDEX ix_delivery_waiting ON notification.delivery USING btree (subscription_id, next_attempt_at) WHERE (state = 'Waiting'::text);


--
-- Name: ix_outbox_next_attempt_at; Type: INDEX; Schema: notification; Owner: -
--

CREATE INDEX ix_outbox_next_attempt_at ON notification.outbox USING btree (next_attempt_at);


--
-- Name: ix_outbox_unsent; Type: INDEX; Schema: notification; Owner: -
--

CREATE INDEX ix_outbox_unsent ON notification.outbox USING btree (created_at) WHERE (sent_at IS NULL);


--
-- Name: ix_parked_message_waiting; Type: INDEX; Schema: notification; Owner: -
--

CREATE INDEX ix_parked_message_waiting ON notification.parked_message USING btree (parked_at) WHERE (replayed_at IS NULL);


--
-- Name: ix_subscription_council_code_name; Type: INDEX; Schema: notification; Owner: -
--

CREATE UNIQUE INDEX ix_subscription_council_code_name ON notification.subscription USING btree (council_code, name);


--
-- Name: ix_audit_record_subject; Type: INDEX; Schema: plan_registry; Owner: -
--

CREATE INDEX ix_audit_record_subject ON plan_registry.audit_record USING btree (subject);


--
-- Name: ix_outbox_next_attempt_at; Type: INDEX; Schema: plan_registry; Owner: -
--

CREATE INDEX ix_outbox_next_attempt_at ON plan_registry.outbox USING btree (next_attempt_at);


--
-- Name: ix_outbox_unsent; Type: INDEX; Schema: plan_registry; Owner: -
--

CREATE INDEX ix_outbox_unsent ON plan_registry.outbox USING btree (created_at) WHERE (sent_at IS NULL);


--
-- Name: ix_parked_message_waiting; Type: INDEX; Schema: plan_registry; Owner: -
--

CREATE INDEX ix_parked_message_waiting ON plan_registry.parked_message USING btree (parked_at) WHERE (replayed_at IS NULL);


--
-- Name: ix_plan_council_code_nhs_number_mac; Type: INDEX; Schema: plan_registry; Owner: -
--

CREATE INDEX ix_plan_council_code_nhs_number_mac ON plan_registry.plan USING btree (council_code, nhs_number_mac) WHERE (nhs_number_mac IS NOT NULL);


--
-- Name: ix_plan_council_code_reference; Type: INDEX; Schema: plan_registry; Owner: -
--

CREATE UNIQUE INDEX ix_plan_council_code_reference ON plan_registry.plan USING btree (council_code, reference) WHERE (deleted_at IS NULL);


--
-- Name: ix_plan_council_code_reference_deleted_at; Type: INDEX; Schema: plan_registry; Owner: -
--

CREATE INDEX ix_plan_council_code_reference_deleted_at ON plan_registry.plan USING btree (council_code, reference, deleted_at) WHERE (deleted_at IS NOT NULL);


--
-- Name: ix_upload_council_code_sequence; Type: INDEX; Schema: plan_registry; Owner: -
--

CREATE UNIQUE INDEX ix_upload_council_code_sequence ON plan_registry.upload USING btree (council_code, sequence) WHERE ((NOT dry_run) AND (state <> 'Failed'::text));


--
-- Name: ix_upload_line_upload_id_reference; Type: INDEX; Schema: plan_registry; Owner: -
--

CREATE INDEX ix_upload_line_upload_id_reference ON plan_registry.upload_line USING btree (upload_id, reference);


--
-- Name: ix_upload_state_received_at; Type: INDEX; Schema: plan_registry; Owner: -
--

CREATE INDEX ix_upload_state_received_at ON plan_registry.upload USING btree (state, received_at);


--
-- Name: encounter_version_20261124_pkey; Type: INDEX ATTACH; Schema: encounter_ingest; Owner: -
--

ALTER INDEX encounter_ingest.encounter_version_pkey ATTACH PARTITION encounter_ingest.encounter_version_20261124_pkey;


--
-- Name: encounter_version_20261125_pkey; Type: INDEX ATTACH; Schema: encounter_ingest; Owner: -
--

ALTER INDEX encounter_ingest.encounter_version_pkey ATTACH PARTITION encounter_ingest.encounter_version_20261125_pkey;


--
-- Name: encounter_version_20261126_pkey; Type: INDEX ATTACH; Schema: encounter_ingest; Owner: -
--

ALTER INDEX encounter_ingest.encounter_version_pkey ATTACH PARTITION encounter_ingest.encounter_version_20261126_pkey;


--
-- Name: encounter_version_20261127_pkey; Type: INDEX ATTACH; Schema: encounter_ingest; Owner: -
--

ALTER INDEX encounter_ingest.encounter_version_pkey ATTACH PARTITION encounter_ingest.encounter_version_20261127_pkey;


--
-- Name: encounter_version_20261128_pkey; Type: INDEX ATTACH; Schema: encounter_ingest; Owner: -
--

ALTER INDEX encounter_ingest.encounter_version_pkey ATTACH PARTITION encounter_ingest.encounter_version_20261128_pkey;


--
-- Name: encounter_version_20261129_pkey; Type: INDEX ATTACH; Schema: encounter_ingest; Owner: -
--

ALTER INDEX encounter_ingest.encounter_version_pkey ATTACH PARTITION encounter_ingest.encounter_version_20261129_pkey;


--
-- Name: encounter_version_20261130_pkey; Type: INDEX ATTACH; Schema: encounter_ingest; Owner: -
--

ALTER INDEX encounter_ingest.encounter_version_pkey ATTACH PARTITION encounter_ingest.encounter_version_20261130_pkey;


--
-- Name: encounter_version_20261201_pkey; Type: INDEX ATTACH; Schema: encounter_ingest; Owner: -
--

ALTER INDEX encounter_ingest.encounter_version_pkey ATTACH PARTITION encounter_ingest.encounter_version_20261201_pkey;


--
-- Name: encounter_version_20261202_pkey; Type: INDEX ATTACH; Schema: encounter_ingest; Owner: -
--

ALTER INDEX encounter_ingest.encounter_version_pkey ATTACH PARTITION encounter_ingest.encounter_version_20261202_pkey;


--
-- Name: decision_20261125_encounter_id_idx; Type: INDEX ATTACH; Schema: matching; Owner: -
--

ALTER INDEX matching.ix_decision_encounter_id ATTACH PARTITION matching.decision_20261125_encounter_id_idx;


--
-- Name: decision_20261125_pkey; Type: INDEX ATTACH; Schema: matching; Owner: -
--

ALTER INDEX matching.decision_pkey ATTACH PARTITION matching.decision_20261125_pkey;


--
-- Name: decision_20261126_encounter_id_idx; Type: INDEX ATTACH; Schema: matching; Owner: -
--

ALTER INDEX matching.ix_decision_encounter_id ATTACH PARTITION matching.decision_20261126_encounter_id_idx;


--
-- Name: decision_20261126_pkey; Type: INDEX ATTACH; Schema: matching; Owner: -
--

ALTER INDEX matching.decision_pkey ATTACH PARTITION matching.decision_20261126_pkey;


--
-- Name: decision_kept_encounter_id_idx; Type: INDEX ATTACH; Schema: matching; Owner: -
--

ALTER INDEX matching.ix_decision_encounter_id ATTACH PARTITION matching.decision_kept_encounter_id_idx;


--
-- Name: decision_kept_pkey; Type: INDEX ATTACH; Schema: matching; Owner: -
--

ALTER INDEX matching.decision_pkey ATTACH PARTITION matching.decision_kept_pkey;


--
-- Name: encounter_fact_20261125_pkey; Type: INDEX ATTACH; Schema: matching; Owner: -
--

ALTER INDEX matching.encounter_fact_pkey ATTACH PARTITION matching.encounter_fact_20261125_pkey;


--
-- Name: encounter_fact_20261126_pkey; Type: INDEX ATTACH; Schema: matching; Owner: -
--

ALTER INDEX matching.encounter_fact_pkey ATTACH PARTITION matching.encounter_fact_20261126_pkey;


--
-- Name: encounter_key_20261125_pkey; Type: INDEX ATTACH; Schema: matching; Owner: -
--

ALTER INDEX matching.encounter_key_pkey ATTACH PARTITION matching.encounter_key_20261125_pkey;


--
-- Name: encounter_key_20261126_pkey; Type: INDEX ATTACH; Schema: matching; Owner: -
--

ALTER INDEX matching.encounter_key_pkey ATTACH PARTITION matching.encounter_key_20261126_pkey;


--
-- Name: upload_ending fk_upload_ending_upload_upload_id; Type: FK CONSTRAINT; Schema: plan_registry; Owner: -
--

ALTER TABLE ONLY plan_registry.upload_ending
    ADD CONSTRAINT fk_upload_ending_upload_upload_id FOREIGN KEY (upload_id) REFERENCES plan_registry.upload(id) ON DELETE CASCADE;


--
-- Name: upload_line fk_upload_line_uploads_upload_id; Type: FK CONSTRAINT; Schema: plan_registry; Owner: -
--

ALTER TABLE ONLY plan_registry.upload_line
    ADD CONSTRAINT fk_upload_line_uploads_upload_id FOREIGN KEY (upload_id) REFERENCES plan_registry.upload(id) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--


