// Controls that carry everything
// asks: On which controls do most answers rest, and is it proven that they hold?
// params: snapshot
// returns: gate, kind, name, identities, targets, holds, not_told, picture
// rule: R2 to R9
MATCH (s:Snapshot {name: $snapshot})
MATCH (g:Gate {load: s.load})
OPTIONAL MATCH picture = (g)-[:GUARDS|ENFORCED_AT|APPROVED_BY|LOGGED_AT]->(:Entity)
WITH g, collect(picture) AS picture
WITH g, picture, [test IN ['human', 'enforced_by_target', 'out_of_reach', 'content_bound', 'no_auto_threshold',
     'log_out_of_reach', 'restorable', 'tested'] WHERE g[test] = 'not told'] AS not_told
RETURN g.key AS gate, coalesce(g.kind, '') AS kind, g.name AS name, coalesce(g.identities, 0) AS identities,
       coalesce(g.targets, []) AS targets, g.holds AS holds, not_told, picture
ORDER BY identities DESC, gate
