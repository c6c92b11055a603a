-- The database that erp.postgres.json is an export of (PostgreSQL 15).
CREATE ROLE finance_owner NOLOGIN;
CREATE ROLE loader LOGIN PASSWORD 'CANARY-not-a-secret-1';
CREATE ROLE etl LOGIN NOINHERIT;
CREATE ROLE reporting LOGIN;
CREATE ROLE provisioner LOGIN CREATEROLE;
CREATE ROLE old_batch LOGIN VALID UNTIL '2026-03-01 00:00:00+00' PASSWORD 'CANARY-not-a-secret-2';
CREATE ROLE writer NOLOGIN;
GRANT writer TO loader;
GRANT writer TO etl WITH ADMIN OPTION;
CREATE SCHEMA fin AUTHORIZATION finance_owner;
CREATE SCHEMA api AUTHORIZATION finance_owner;
GRANT USAGE ON SCHEMA fin TO writer;
GRANT USAGE ON SCHEMA api TO PUBLIC;
SET ROLE finance_owner;
CREATE TABLE fin.gl (id int PRIMARY KEY, amount numeric, note text);
CREATE TABLE fin.line (id int REFERENCES fin.gl ON DELETE CASCADE, amount numeric);
CREATE TABLE fin.log (at timestamptz, note text);
GRANT INSERT, DELETE ON fin.gl TO writer;
GRANT UPDATE (note) ON fin.gl TO writer;
-- Usable only by a member that has USAGE from elsewhere.
GRANT SELECT ON fin.gl TO reporting;
GRANT TRIGGER ON fin.gl TO reporting;
CREATE VIEW api.entries AS SELECT id, amount FROM fin.gl WHERE note <> 'CANARY-not-a-secret-3';
GRANT SELECT, INSERT, UPDATE, DELETE ON api.entries TO reporting;
CREATE VIEW api.totals WITH (security_invoker) AS SELECT sum(amount) AS total FROM fin.gl;
GRANT SELECT ON api.totals TO loader;
CREATE FUNCTION api.book(amount numeric) RETURNS void LANGUAGE sql SECURITY DEFINER
  SET search_path = fin AS $$ INSERT INTO gl VALUES (1, amount, 'CANARY-not-a-secret-4') $$;
CREATE FUNCTION api.sweep(name text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  AS $$ BEGIN EXECUTE 'TRUNCATE ' || name; END $$;
REVOKE EXECUTE ON FUNCTION api.sweep FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.sweep TO etl;
CREATE FUNCTION fin.log() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  AS $$ BEGIN INSERT INTO fin.log VALUES (now(), 'CANARY-not-a-secret-5'); RETURN NULL; END $$;
CREATE TRIGGER log AFTER INSERT ON fin.gl FOR EACH ROW EXECUTE FUNCTION fin.log();
ALTER DEFAULT PRIVILEGES IN SCHEMA fin GRANT INSERT ON TABLES TO reporting;
RESET ROLE;
CREATE EXTENSION postgres_fdw;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'CANARY-not-a-secret-6');
CREATE USER MAPPING FOR loader SERVER elsewhere
  OPTIONS (user 'far', password 'CANARY-not-a-secret-7');
