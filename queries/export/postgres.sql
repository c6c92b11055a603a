-- title: who may do what in one PostgreSQL database
-- run:   psql -X -q -At -f postgres.sql DATABASE > DATABASE.postgres.json
-- needs: any role that can connect (a superuser, to see whom the server refuses); PostgreSQL 14 or newer
--
-- Prints one JSON document, one record per line. It only reads catalogs that every role may read,
-- in one read-only transaction. It never reads a password (pg_authid), a row of a table, the
-- options of foreign servers and user mappings, a subscription's connection, or settings.
-- Definitions of views and rules and bodies of functions that are security definers or triggers are
-- in the document, because what they write and read is a right; look through them if literals in
-- your code are confidential.

\set ON_ERROR_STOP on
\encoding UTF8
\pset pager off
BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
-- Names come out qualified, and nothing the database defines can shadow what is called here.
SET LOCAL search_path = pg_catalog;
SET LOCAL TimeZone = 'UTC';

SELECT '{"nhigraph_export": "postgres/1",';
SELECT ' "extracted_at": ' || to_json(to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) || ',';
SELECT ' "server_version_num": ' || current_setting('server_version_num') || ',';
SELECT ' "database": ' || to_json(current_database()) || ',';
SELECT ' "host": ' || coalesce(to_json(host(inet_server_addr()))::text, 'null') || ',';
SELECT ' "port": ' || coalesce(inet_server_port()::text, 'null') || ',';

-- Tells servers apart, and one server's databases together. Asked only where it may be: a query
-- that names a forbidden function is refused even where it would not call it.
SELECT has_function_privilege('pg_control_system()', 'EXECUTE') AS may_ask \gset
\if :may_ask
SELECT ' "system_identifier": ' || to_json(system_identifier::text) || ','
FROM pg_control_system();
\else
SELECT ' "system_identifier": null,';
\endif

SELECT ' "roles": [';
SELECT CASE WHEN row_number() OVER (ORDER BY rolname) = 1 THEN '  ' ELSE ', ' END
    || json_build_object(
        'name', rolname, 'superuser', rolsuper, 'inherit', rolinherit, 'createrole', rolcreaterole,
        'createdb', rolcreatedb, 'login', rolcanlogin, 'replication', rolreplication,
        'bypassrls', rolbypassrls,
        'valid_until', CASE WHEN isfinite(rolvaliduntil)
                            THEN to_char(rolvaliduntil, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END)
FROM pg_roles ORDER BY rolname;

-- Until 15 the member's own INHERIT attribute decides and every member may SET ROLE; from 16 on
-- both are options of the membership. Read through JSON, the columns may be missing.
SELECT '], "memberships": [';
SELECT CASE WHEN row_number() OVER (ORDER BY g.rolname, m.rolname, r.rolname) = 1
            THEN '  ' ELSE ', ' END
    || json_build_object(
        'role', g.rolname, 'member', m.rolname, 'grantor', r.rolname,
        'inherit', coalesce((to_jsonb(a) ->> 'inherit_option')::boolean, m.rolinherit),
        'set', coalesce((to_jsonb(a) ->> 'set_option')::boolean, true),
        'admin', a.admin_option)
FROM pg_auth_members a
JOIN pg_roles g ON g.oid = a.roleid
JOIN pg_roles m ON m.oid = a.member
LEFT JOIN pg_roles r ON r.oid = a.grantor
ORDER BY g.rolname, m.rolname, r.rolname;

SELECT '], "databases": [';
SELECT CASE WHEN row_number() OVER (ORDER BY datname) = 1 THEN '  ' ELSE ', ' END
    || json_build_object('name', datname, 'owner', pg_get_userbyid(datdba),
                         'acl', to_json(datacl::text[]))
FROM pg_database WHERE datname = current_database();

SELECT '], "schemas": [';
SELECT CASE WHEN row_number() OVER (ORDER BY nspname) = 1 THEN '  ' ELSE ', ' END
    || json_build_object('name', nspname, 'owner', pg_get_userbyid(nspowner),
                         'acl', to_json(nspacl::text[]))
FROM pg_namespace
WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY nspname;

-- `updatable` is PostgreSQL's own bit mask of what may be written without triggers: 4 update,
-- 8 insert, 16 delete. `reads` is what a view's query names, with the columns it uses.
SELECT '], "relations": [';
SELECT CASE WHEN row_number() OVER (ORDER BY n.nspname, c.relname) = 1 THEN '  ' ELSE ', ' END
    || json_build_object(
        'schema', n.nspname, 'name', c.relname, 'kind', c.relkind, 'owner',
        pg_get_userbyid(c.relowner), 'acl', to_json(c.relacl::text[]),
        'row_security', c.relrowsecurity, 'force_row_security', c.relforcerowsecurity,
        'security_invoker', c.relkind = 'v' AND EXISTS (
            SELECT FROM pg_options_to_table(c.reloptions) o
            WHERE o.option_name = 'security_invoker' AND o.option_value::boolean),
        'updatable', CASE WHEN c.relkind = 'v' THEN pg_relation_is_updatable(c.oid, false) END,
        'partition', c.relispartition,
        'inherits', (
            SELECT coalesce(json_agg(json_build_array(pn.nspname, p.relname)
                                     ORDER BY pn.nspname, p.relname), '[]')
            FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
            JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid),
        'reads', (
            SELECT coalesce(json_agg(json_build_object(
                       'schema', rn.nspname, 'name', rc.relname, 'columns', d.columns)
                       ORDER BY rn.nspname, rc.relname), '[]')
            FROM (SELECT dd.refobjid, coalesce(json_agg(a.attname ORDER BY a.attname)
                             FILTER (WHERE a.attname IS NOT NULL), '[]') AS columns
                  FROM pg_rewrite w
                  JOIN pg_depend dd ON dd.classid = 'pg_rewrite'::regclass AND dd.objid = w.oid
                      AND dd.refclassid = 'pg_class'::regclass AND dd.refobjid <> w.ev_class
                  LEFT JOIN pg_attribute a
                      ON a.attrelid = dd.refobjid AND a.attnum = dd.refobjsubid AND a.attnum > 0
                  WHERE w.ev_class = c.oid AND w.rulename = '_RETURN'
                  GROUP BY dd.refobjid) d
            JOIN pg_class rc ON rc.oid = d.refobjid
            JOIN pg_namespace rn ON rn.oid = rc.relnamespace),
        'definition', CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
        'columns', (
            SELECT coalesce(json_agg(json_build_object(
                       'name', a.attname, 'acl', to_json(a.attacl::text[])) ORDER BY a.attnum),
                       '[]')
            FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              AND a.attacl IS NOT NULL))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY n.nspname, c.relname;

-- A referential action runs with the rights of the owner of the table that holds the key.
SELECT '], "foreign_keys": [';
SELECT CASE WHEN row_number() OVER (ORDER BY n.nspname, c.relname, k.conname) = 1
            THEN '  ' ELSE ', ' END
    || json_build_object(
        'name', k.conname, 'table', json_build_array(n.nspname, c.relname),
        'references', json_build_array(fn.nspname, f.relname),
        'on_delete', k.confdeltype, 'on_update', k.confupdtype,
        'columns', (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
                    WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)),
        'referenced', (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
                       WHERE a.attrelid = k.confrelid AND a.attnum = ANY (k.confkey)))
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
WHERE k.contype = 'f' AND k.conparentid = 0 ORDER BY n.nspname, c.relname, k.conname;

-- A policy without roles is for everybody.
SELECT '], "policies": [';
SELECT CASE WHEN row_number() OVER (ORDER BY n.nspname, c.relname, p.polname) = 1
            THEN '  ' ELSE ', ' END
    || json_build_object(
        'name', p.polname, 'table', json_build_array(n.nspname, c.relname),
        'permissive', p.polpermissive, 'command', p.polcmd,
        'roles', (SELECT coalesce(json_agg(r.rolname ORDER BY r.rolname), '[]')
                  FROM pg_roles r WHERE r.oid = ANY (p.polroles)))
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
ORDER BY n.nspname, c.relname, p.polname;

-- `_RETURN` is the view itself; every other rule rewrites statements.
SELECT '], "rules": [';
SELECT CASE WHEN row_number() OVER (ORDER BY n.nspname, c.relname, w.rulename) = 1
            THEN '  ' ELSE ', ' END
    || json_build_object(
        'name', w.rulename, 'relation', json_build_array(n.nspname, c.relname),
        'event', w.ev_type, 'instead', w.is_instead, 'enabled', w.ev_enabled,
        'conditional', w.ev_qual::text <> '<>', 'definition', pg_get_ruledef(w.oid),
        'relations', (
            SELECT coalesce(json_agg(DISTINCT jsonb_build_array(rn.nspname, rc.relname)), '[]')
            FROM pg_depend d JOIN pg_class rc ON rc.oid = d.refobjid
            JOIN pg_namespace rn ON rn.oid = rc.relnamespace
            WHERE d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
              AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> w.ev_class
              AND rc.relkind IN ('r', 'p', 'v', 'm', 'f')))
FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE w.rulename <> '_RETURN' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY n.nspname, c.relname, w.rulename;

-- A body is exported only where calling the function lends its owner's rights, or where a trigger
-- calls it for whoever writes.
SELECT '], "functions": [';
SELECT CASE WHEN row_number() OVER (ORDER BY n.nspname, p.proname, args.text) = 1
            THEN '  ' ELSE ', ' END
    || json_build_object(
        'schema', n.nspname, 'name', p.proname, 'arguments', args.text, 'kind', p.prokind,
        'owner', pg_get_userbyid(p.proowner), 'acl', to_json(p.proacl::text[]),
        'language', l.lanname, 'security_definer', p.prosecdef,
        'returns', format_type(p.prorettype, NULL),
        'search_path', (SELECT substr(s, 13) FROM unnest(p.proconfig) s
                        WHERE s LIKE 'search\_path=%'),
        'body', CASE WHEN l.lanname IN ('sql', 'plpgsql') AND (p.prosecdef OR EXISTS (
                     SELECT FROM pg_trigger t WHERE t.tgfoid = p.oid AND NOT t.tgisinternal))
                     THEN coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) END)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
CROSS JOIN LATERAL (SELECT pg_get_function_identity_arguments(p.oid) AS text) args
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY n.nspname, p.proname, args.text;

-- Whoever makes a function needs USAGE on its language.
SELECT '], "languages": [';
SELECT CASE WHEN row_number() OVER (ORDER BY lanname) = 1 THEN '  ' ELSE ', ' END
    || json_build_object('name', lanname, 'owner', pg_get_userbyid(lanowner),
                         'trusted', lanpltrusted, 'acl', to_json(lanacl::text[]))
FROM pg_language WHERE lanispl ORDER BY lanname;

-- `type` is a bit mask: 1 row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate, 64 instead of.
-- `columns` are those of UPDATE OF; of a condition (WHEN) only that there is one.
SELECT '], "triggers": [';
SELECT CASE WHEN row_number() OVER (ORDER BY n.nspname, c.relname, t.tgname) = 1
            THEN '  ' ELSE ', ' END
    || json_build_object(
        'name', t.tgname, 'relation', json_build_array(n.nspname, c.relname),
        'function', json_build_array(pn.nspname, p.proname,
                                     pg_get_function_identity_arguments(p.oid)),
        'type', t.tgtype, 'enabled', t.tgenabled, 'when', t.tgqual IS NOT NULL,
        'columns', (SELECT coalesce(json_agg(a.attname ORDER BY a.attnum), '[]')
                    FROM pg_attribute a
                    WHERE a.attrelid = t.tgrelid AND a.attnum = ANY (t.tgattr)))
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace pn ON pn.oid = p.pronamespace
WHERE NOT t.tgisinternal AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY n.nspname, c.relname, t.tgname;

SELECT '], "default_privileges": [';
SELECT CASE WHEN row_number() OVER (ORDER BY r.rolname, n.nspname, d.defaclobjtype) = 1
            THEN '  ' ELSE ', ' END
    || json_build_object('creator', r.rolname, 'schema', n.nspname, 'type', d.defaclobjtype,
                         'acl', to_json(d.defaclacl::text[]))
FROM pg_default_acl d JOIN pg_roles r ON r.oid = d.defaclrole
LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
ORDER BY r.rolname, n.nspname, d.defaclobjtype;

-- Names only: their options hold passwords and connection strings.
SELECT '], "foreign_servers": [';
SELECT CASE WHEN row_number() OVER (ORDER BY srvname) = 1 THEN '  ' ELSE ', ' END
    || json_build_object('name', srvname, 'owner', pg_get_userbyid(srvowner),
                         'acl', to_json(srvacl::text[]))
FROM pg_foreign_server ORDER BY srvname;

SELECT '], "event_triggers": [';
SELECT CASE WHEN row_number() OVER (ORDER BY evtname) = 1 THEN '  ' ELSE ', ' END
    || json_build_object('name', evtname, 'event', evtevent, 'enabled', evtenabled)
FROM pg_event_trigger ORDER BY evtname;

-- What calls a function beside triggers: whoever uses that needs no USAGE on the function's schema.
-- Functions in C that lend no rights are left out.
SELECT '], "calls": [';
SELECT CASE WHEN row_number() OVER (
                ORDER BY n.nspname, p.proname, args.text, o.type, o.identity) = 1
            THEN '  ' ELSE ', ' END
    || json_build_object(
        'function', json_build_array(n.nspname, p.proname, args.text),
        'sort', o.type, 'name', o.identity,
        'relation', CASE WHEN c.oid IS NOT NULL THEN json_build_array(cn.nspname, c.relname) END)
FROM (SELECT DISTINCT classid, objid, refobjid FROM pg_depend
      WHERE refclassid = 'pg_proc'::regclass AND deptype IN ('n', 'a')
          AND classid <> 'pg_trigger'::regclass) d
JOIN pg_proc p ON p.oid = d.refobjid JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
CROSS JOIN LATERAL (SELECT pg_get_function_identity_arguments(p.oid) AS text) args
CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) o
LEFT JOIN pg_class c ON c.oid = CASE d.classid
    WHEN 'pg_rewrite'::regclass THEN (SELECT ev_class FROM pg_rewrite WHERE oid = d.objid)
    WHEN 'pg_attrdef'::regclass THEN (SELECT adrelid FROM pg_attrdef WHERE oid = d.objid)
    WHEN 'pg_constraint'::regclass THEN (SELECT conrelid FROM pg_constraint WHERE oid = d.objid)
    WHEN 'pg_policy'::regclass THEN (SELECT polrelid FROM pg_policy WHERE oid = d.objid)
    WHEN 'pg_class'::regclass THEN (SELECT indrelid FROM pg_index WHERE indexrelid = d.objid)
    END
LEFT JOIN pg_namespace cn ON cn.oid = c.relnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND (p.prosecdef OR l.lanname NOT IN ('c', 'internal'))
ORDER BY n.nspname, p.proname, args.text, o.type, o.identity;

-- What relations of others hang on: DROP ... CASCADE of it takes them along, or columns of theirs,
-- and asks only for owning it, or its schema. What a part of something hangs on, the whole does:
-- a view its rule, a column its sequence or generated value. What a view reads is with the view
-- above, and what its own owner owns is left out. `renames` are relations that hold an enum's values.
SELECT '], "dependents": [';
WITH RECURSIVE things (classid, objid, schema, owner) AS (
    SELECT 'pg_type'::regclass, oid, typnamespace, typowner FROM pg_type
    UNION ALL SELECT 'pg_class'::regclass, oid, relnamespace, relowner FROM pg_class
    UNION ALL SELECT 'pg_proc'::regclass, oid, pronamespace, proowner FROM pg_proc
    UNION ALL SELECT 'pg_operator'::regclass, oid, oprnamespace, oprowner FROM pg_operator
    UNION ALL SELECT 'pg_opclass'::regclass, oid, opcnamespace, opcowner FROM pg_opclass
    UNION ALL SELECT 'pg_opfamily'::regclass, oid, opfnamespace, opfowner FROM pg_opfamily
    UNION ALL SELECT 'pg_collation'::regclass, oid, collnamespace, collowner FROM pg_collation
    UNION ALL SELECT 'pg_ts_config'::regclass, oid, cfgnamespace, cfgowner FROM pg_ts_config
    UNION ALL SELECT 'pg_ts_dict'::regclass, oid, dictnamespace, dictowner FROM pg_ts_dict
    UNION ALL SELECT 'pg_namespace'::regclass, oid, 0, nspowner FROM pg_namespace
    UNION ALL SELECT 'pg_extension'::regclass, oid, 0, extowner FROM pg_extension
    UNION ALL SELECT 'pg_language'::regclass, oid, 0, lanowner FROM pg_language
    UNION ALL SELECT 'pg_foreign_server'::regclass, oid, 0, srvowner FROM pg_foreign_server
    UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, fdwowner
    FROM pg_foreign_data_wrapper
), exported AS (
    SELECT c.oid, c.relkind, c.relowner, c.relnamespace, n.nspname, c.relname
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
), hanging (relation, classid, objid, part, stored) AS (
    SELECT oid, 'pg_class'::regclass, oid, 0, false FROM exported
    UNION SELECT a.attrelid, 'pg_class'::regclass, a.attrelid, a.attnum::int, relkind <> 'v'
    FROM exported e JOIN pg_attribute a ON a.attrelid = e.oid AND a.attnum > 0
    UNION SELECT h.relation, o.classid, o.objid, o.part,
                 h.stored AND o.classid IN ('pg_type'::regclass, 'pg_class'::regclass)
    FROM hanging h CROSS JOIN LATERAL (
        SELECT d.refclassid AS classid, d.refobjid AS objid, d.refobjsubid AS part
        FROM pg_depend d
        WHERE d.classid = h.classid AND d.objid = h.objid AND d.objsubid = h.part
          AND NOT (h.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
                   AND d.refobjid <> h.relation
                   AND EXISTS (SELECT FROM exported e WHERE e.oid = d.refobjid))
        UNION ALL SELECT d.classid, d.objid, d.objsubid FROM pg_depend d
        WHERE d.refclassid = h.classid AND d.refobjid = h.objid AND d.refobjsubid = h.part
          AND d.deptype = 'i'
        UNION ALL SELECT h.classid, h.objid, 0 WHERE h.part <> 0
        UNION ALL SELECT h.classid, h.objid, a.attnum FROM pg_attribute a
        WHERE h.classid = 'pg_class'::regclass AND h.part = 0 AND h.objid <> h.relation
          AND a.attrelid = h.objid AND a.attnum > 0 AND NOT a.attisdropped
    ) o
)
SELECT CASE WHEN row_number() OVER (ORDER BY o.type, o.identity) = 1 THEN '  ' ELSE ', ' END
    || json_build_object(
        'sort', o.type, 'name', o.identity, 'schema', n.nspname, 'owner', pg_get_userbyid(t.owner),
        'relations', t.relations, 'renames', t.renames)
FROM (SELECT t.classid, t.objid, t.schema, t.owner,
             json_agg(DISTINCT jsonb_build_array(e.nspname, e.relname)) AS relations,
             coalesce(json_agg(DISTINCT jsonb_build_array(e.nspname, e.relname))
                      FILTER (WHERE h.stored AND t.classid = 'pg_type'::regclass AND EXISTS (
                          SELECT FROM pg_type y WHERE y.oid = t.objid AND y.typtype = 'e')),
                      '[]') AS renames
      FROM hanging h JOIN things t ON t.classid = h.classid AND t.objid = h.objid
      JOIN exported e ON e.oid = h.relation
      WHERE t.owner <> e.relowner AND t.objid <> e.relnamespace AND t.objid <> e.oid
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = t.classid
                        AND d.objid = t.objid AND d.objsubid = 0 AND d.deptype IN ('i', 'e'))
      GROUP BY t.classid, t.objid, t.schema, t.owner) t
CROSS JOIN LATERAL pg_identify_object(t.classid, t.objid, 0) o
LEFT JOIN pg_namespace n ON n.oid = t.schema
ORDER BY o.type, o.identity;

-- Rights on what the server brings that are not as it brings them: its functions, and from 15 on
-- its settings.
SELECT '], "system_functions": [';
SELECT CASE WHEN row_number() OVER (ORDER BY p.proname, args.text) = 1 THEN '  ' ELSE ', ' END
    || json_build_object('name', p.proname, 'arguments', args.text, 'owner',
                         pg_get_userbyid(p.proowner), 'acl', to_json(p.proacl::text[]))
FROM pg_proc p
LEFT JOIN pg_init_privs i
    ON i.classoid = 'pg_proc'::regclass AND i.objoid = p.oid AND i.objsubid = 0
CROSS JOIN LATERAL (SELECT pg_get_function_identity_arguments(p.oid) AS text) args
WHERE p.pronamespace = 'pg_catalog'::regnamespace
  AND p.proacl IS NOT NULL AND p.proacl IS DISTINCT FROM i.initprivs
ORDER BY p.proname, args.text;

SELECT to_regclass('pg_parameter_acl') IS NOT NULL AS has_rights \gset
SELECT '], "settings": [';
\if :has_rights
SELECT CASE WHEN row_number() OVER (ORDER BY parname) = 1 THEN '  ' ELSE ', ' END
    || json_build_object('name', parname, 'acl', to_json(paracl::text[]))
FROM pg_parameter_acl ORDER BY parname;
\endif

-- Which logins the server refuses. As a server is set up only superusers see the file; it holds no
-- role's password. Options of entries, which may hold that of a directory, and what is wrong with a
-- line, which may quote one, are left out.
SELECT has_table_privilege('pg_hba_file_rules', 'SELECT')
    AND has_function_privilege('pg_hba_file_rules()', 'EXECUTE') AS may_ask \gset
\if :may_ask
SELECT '], "client_authentication": [';
SELECT CASE WHEN row_number() OVER (ORDER BY (to_jsonb(r) ->> 'rule_number')::int, line_number) = 1
            THEN '  ' ELSE ', ' END
    || json_build_object(
        'line', line_number, 'type', type, 'database', to_json(database),
        'user', to_json(user_name), 'address', address, 'netmask', netmask,
        'method', auth_method, 'in_error', error IS NOT NULL)
FROM pg_hba_file_rules r ORDER BY (to_jsonb(r) ->> 'rule_number')::int, line_number;
\endif

SELECT ']}';
ROLLBACK;
