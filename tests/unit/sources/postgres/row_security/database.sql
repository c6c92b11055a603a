-- The database that hr.postgres.json is an export of (PostgreSQL 15).
CREATE ROLE keeper NOLOGIN;
CREATE ROLE clerk LOGIN;
CREATE ROLE backup LOGIN BYPASSRLS;
CREATE ROLE bulk LOGIN;
GRANT clerk TO backup;
GRANT pg_write_all_data TO bulk;
CREATE SCHEMA pay AUTHORIZATION keeper;
GRANT USAGE ON SCHEMA pay TO clerk;
CREATE TABLE pay.run (id int, clerk name);
CREATE TABLE pay.note (id int);
ALTER TABLE pay.run OWNER TO keeper;
ALTER TABLE pay.note OWNER TO keeper;
ALTER TABLE pay.run ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON pay.run FOR UPDATE USING (clerk = current_user);
GRANT INSERT, UPDATE ON pay.run TO clerk;
-- A policy that admits the rows of one role, and of nobody else who may insert.
ALTER TABLE pay.note ENABLE ROW LEVEL SECURITY;
CREATE POLICY add ON pay.note FOR INSERT TO clerk WITH CHECK (true);
GRANT INSERT ON pay.note TO clerk;
