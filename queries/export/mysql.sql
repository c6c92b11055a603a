-- title: who may do what on one server of MySQL or MariaDB
-- run:   mysql -N -B -r -f --init-command="SET @host='HOST', @port=PORT" -h HOST -P PORT \
--          < mysql.sql > NAME.mysql.json
-- needs: MySQL 8.0 or newer, or MariaDB 10.6 or newer; SELECT on the schema mysql to see every
--        account (others see their own), and SHOW VIEW, TRIGGER and EVENT to see what code does
--
-- Prints one JSON document, one record per line. HOST and PORT are where your clients reach the
-- server: it does not know that itself, so leave them out over a socket. `-f` goes on after a
-- statement that is refused: its section is then missing, and the reader says so.
--
-- It only reads. It never selects a password's hash (authentication_string, Password, the rest of
-- mysql.global_priv and of user_attributes), a row of your tables, or a federated server's login.
-- Definitions of views and bodies of routines, triggers and events are in the document, because
-- what they write and read is a right; look through them if literals in your code are confidential.

SET NAMES utf8mb4;
SET SESSION TRANSACTION READ ONLY;
SET SESSION sql_mode = '';
SET SESSION time_zone = '+00:00';
-- Each MySQL-only text stands in a comment that begins with 80000, which MariaDB does not run, and
-- each MariaDB-only text in one that begins with M, which MySQL does not run.

SELECT '{"nhigraph_export": "mysql/1",';
SELECT CONCAT(' "extracted_at": ', JSON_QUOTE(DATE_FORMAT(UTC_TIMESTAMP(), '%Y-%m-%dT%H:%i:%sZ')));
SELECT CONCAT(', "version": ', JSON_QUOTE(VERSION()));
SELECT CONCAT(', "exporter": ', JSON_QUOTE(CURRENT_USER()));
SELECT CONCAT(', "host": ', COALESCE(JSON_QUOTE(CONVERT(@host USING utf8mb4)), 'null'));
SELECT CONCAT(', "port": ', COALESCE(CAST(@port AS SIGNED), @@port));
SELECT CONCAT(', "hostname": ', COALESCE(JSON_QUOTE(@@hostname), 'null'));
-- A server's own from its first start on. MariaDB has none: its server_uid is made of the
-- machine's network address, which containers share.
SELECT CONCAT(', "server_uuid": ', /*!80000 JSON_QUOTE(@@server_uuid) */ /*M!100600 'null' */);

-- What decides how rights work.
SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "variables": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY variable_name) AS n,
            CAST(JSON_OBJECT(
               'name', LOWER(variable_name), 'value', variable_value) AS CHAR) AS record
        FROM /*!80000 performance_schema.global_variables */
            /*M!100600 information_schema.global_variables */
        WHERE LOWER(variable_name) IN (
            'activate_all_roles_on_login', 'automatic_sp_privileges', 'check_proxy_users',
            'event_scheduler', 'log_bin', 'log_bin_trust_function_creators',
            'lower_case_table_names', 'mandatory_roles', 'mysql_native_password_proxy_users',
            'partial_revokes', 'read_only', 'secure_file_priv',
            'skip_grant_tables', 'skip_name_resolve', 'sql_mode',
            'super_read_only')) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place;

-- Of MySQL's attributes only the restrictions are read: beside them lies a second password.
/*!80000
SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "accounts": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY user, host) AS n,
            CAST(JSON_OBJECT(
               'user', user, 'host', host, 'plugin', plugin, 'locked', account_locked,
               'expired', password_expired,
               'restrictions', JSON_EXTRACT(user_attributes, '$.Restrictions')) AS CHAR) AS record
        FROM mysql.user) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place */;

-- MariaDB's views leave roles out: what a role may do everywhere is in these bits only.
/*M!100600
SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "accounts": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY user, host) AS n,
            CAST(JSON_OBJECT(
               'user', user, 'host', host, 'plugin', JSON_VALUE(priv, '$.plugin'),
               'locked', JSON_VALUE(priv, '$.account_locked'),
               'role', JSON_VALUE(priv, '$.is_role'), 'access', JSON_VALUE(priv, '$.access'),
               'default_role', JSON_VALUE(priv, '$.default_role')) AS CHAR) AS record
        FROM mysql.global_priv) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place */;

-- Of a member: whose rights it may take.
/*!80000
SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "role_edges": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY from_user, from_host, to_user, to_host) AS n,
            CAST(JSON_OBJECT(
               'role', from_user, 'role_host', from_host, 'member', to_user,
               'member_host', to_host, 'admin', with_admin_option) AS CHAR) AS record
        FROM mysql.role_edges) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place */;
/*M!100600
SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "role_edges": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY role, user, host) AS n,
            CAST(JSON_OBJECT(
               'role', role, 'role_host', NULL, 'member', user, 'member_host', host,
               'admin', admin_option) AS CHAR) AS record
        FROM mysql.roles_mapping) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place */;
/*!80000
SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "default_roles": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY user, host, default_role_user, default_role_host) AS n,
            CAST(JSON_OBJECT(
               'user', user, 'host', host, 'role', default_role_user,
               'role_host', default_role_host) AS CHAR) AS record
        FROM mysql.default_roles) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place */;

-- These views show all of it to whoever may read the schema mysql, and else one's own.
SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "global_privileges": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY grantee, privilege_type) AS n,
            CAST(JSON_OBJECT(
               'grantee', grantee, 'privilege', privilege_type, 'grantable', is_grantable) AS CHAR) AS record
        FROM information_schema.user_privileges) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place;

SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "schema_privileges": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY grantee, table_schema, privilege_type) AS n,
            CAST(JSON_OBJECT(
               'grantee', grantee, 'schema', table_schema, 'privilege', privilege_type,
               'grantable', is_grantable) AS CHAR) AS record
        FROM information_schema.schema_privileges) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place;

SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "table_privileges": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY grantee, table_schema, table_name, privilege_type) AS n,
            CAST(JSON_OBJECT(
               'grantee', grantee, 'schema', table_schema, 'table', table_name,
               'privilege', privilege_type, 'grantable', is_grantable) AS CHAR) AS record
        FROM information_schema.table_privileges) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place;

SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "column_privileges": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY grantee, table_schema, table_name, column_name, privilege_type) AS n,
            CAST(JSON_OBJECT(
               'grantee', grantee, 'schema', table_schema, 'table', table_name,
               'column', column_name, 'privilege', privilege_type, 'grantable', is_grantable) AS CHAR) AS record
        FROM information_schema.column_privileges) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place;

SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "routine_privileges": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY user, host, db, routine_type, routine_name) AS n,
            CAST(JSON_OBJECT(
               'user', user, 'host', host, 'schema', db, 'sort', routine_type,
               'name', routine_name, 'privileges', proc_priv) AS CHAR) AS record
        FROM mysql.procs_priv) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place;

SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "proxies": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY user, host, proxied_user, proxied_host) AS n,
            CAST(JSON_OBJECT(
               'user', user, 'host', host, 'proxied_user', proxied_user,
               'proxied_host', proxied_host, 'grantable', with_grant) AS CHAR) AS record
        FROM mysql.proxies_priv) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place;

-- What there is: the server shows what the exporter has some right on.
SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "schemas": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY schema_name) AS n,
            CAST(JSON_OBJECT(
               'name', schema_name) AS CHAR) AS record
        FROM information_schema.schemata
        WHERE schema_name NOT IN ('information_schema', 'performance_schema')) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place;

SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "tables": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY table_schema, table_name) AS n,
            CAST(JSON_OBJECT(
               'schema', table_schema, 'name', table_name, 'kind', table_type) AS CHAR) AS record
        FROM information_schema.tables
        WHERE table_schema NOT IN
            ('information_schema', 'performance_schema', 'mysql', 'sys')) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place;

SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "views": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY table_schema, table_name) AS n,
            CAST(JSON_OBJECT(
               'schema', table_schema, 'name', table_name, 'definer', definer,
               'security', security_type, 'updatable', is_updatable,
               'definition', view_definition) AS CHAR) AS record
        FROM information_schema.views
        WHERE table_schema NOT IN
            ('information_schema', 'performance_schema', 'mysql', 'sys')) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place;

SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "routines": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY routine_schema, routine_type, routine_name) AS n,
            CAST(JSON_OBJECT(
               'schema', routine_schema, 'sort', routine_type, 'name', routine_name,
               'definer', definer, 'security', security_type, 'access', sql_data_access,
               'body', routine_definition) AS CHAR) AS record
        FROM information_schema.routines
        WHERE routine_schema NOT IN
            ('information_schema', 'performance_schema', 'mysql', 'sys')) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place;

SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "triggers": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY trigger_schema, trigger_name) AS n,
            CAST(JSON_OBJECT(
               'schema', trigger_schema, 'name', trigger_name, 'table', event_object_table,
               'event', event_manipulation, 'timing', action_timing, 'definer', definer,
               'body', action_statement) AS CHAR) AS record
        FROM information_schema.triggers
        WHERE trigger_schema NOT IN
            ('information_schema', 'performance_schema', 'mysql', 'sys')) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place;

SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "events": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY event_schema, event_name) AS n,
            CAST(JSON_OBJECT(
               'schema', event_schema, 'name', event_name, 'definer', definer,
               'status', status, 'body', event_definition) AS CHAR) AS record
        FROM information_schema.events
        WHERE event_schema NOT IN
            ('information_schema', 'performance_schema', 'mysql', 'sys')) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place;

-- What a key does to rows that refer to one that is deleted or changed asks for no right.
SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "foreign_keys": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY constraint_schema, table_name, constraint_name) AS n,
            CAST(JSON_OBJECT(
               'schema', constraint_schema, 'table', table_name, 'name', constraint_name,
               'references_schema', unique_constraint_schema,
               'references', referenced_table_name, 'on_delete', delete_rule,
               'on_update', update_rule) AS CHAR) AS record
        FROM information_schema.referential_constraints) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place;

-- Which columns those are, as far as the exporter has a right on them.
SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "key_columns": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (
                ORDER BY table_schema, table_name, constraint_name, ordinal_position) AS n,
            CAST(JSON_OBJECT(
               'schema', table_schema, 'table', table_name, 'name', constraint_name,
               'column', column_name, 'referenced', referenced_column_name) AS CHAR) AS record
        FROM information_schema.key_column_usage
        WHERE referenced_table_name IS NOT NULL) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place;

-- Tables that only stand for others: of another server, of a file, or of this one.
SELECT line FROM (
    SELECT 0 AS part, 0 AS place, ', "stand_ins": [' AS line
    UNION ALL
    SELECT 1, n, CONCAT(IF(n = 1, '  ', ', '), record) FROM (
        SELECT ROW_NUMBER() OVER (ORDER BY table_schema, table_name) AS n,
            CAST(JSON_OBJECT(
               'schema', table_schema, 'name', table_name, 'engine', engine) AS CHAR) AS record
        FROM information_schema.tables
        WHERE UPPER(engine) IN ('FEDERATED', 'CONNECT', 'SPIDER', 'MRG_MYISAM', 'S3')
            AND table_schema NOT IN
                ('information_schema', 'performance_schema', 'mysql', 'sys')) r
    UNION ALL SELECT 2, 0, ']') s ORDER BY part, place;

SELECT '}';
