// Accounts that pass every check
// asks: Which accounts are superusers or pass row policies, and may they log in?
// params: snapshot
// returns: identity, name, superuser, bypassrls, login, verdict
// rule: NHI5
MATCH (s:Snapshot {name: $snapshot})
MATCH (i:Identity {load: s.load}) WHERE i.superuser OR i.bypassrls
RETURN i.key AS identity, i.name AS name, coalesce(i.superuser, false) AS superuser, coalesce(i.bypassrls, false) AS bypassrls,
       i.login AS login, i.verdict AS verdict
ORDER BY identity
