// Controls that nothing proves
// asks: Which controls fail a test, or have one that no input answers?
// params: snapshot
// returns: gate, name, declared, failed, not_told, note
MATCH (s:Snapshot {name: $snapshot})
MATCH (g:Gate {load: s.load})
WITH g, ['human', 'enforced_by_target', 'out_of_reach', 'content_bound', 'no_auto_threshold', 'log_out_of_reach',
     'restorable', 'tested'] AS tests
WITH g, [test IN tests WHERE g[test] = 'no'] AS failed, [test IN tests WHERE g[test] = 'not told'] AS not_told
WHERE NOT g.declared OR size(failed) > 0 OR size(not_told) > 0
RETURN g.key AS gate, g.name AS name, g.declared AS declared, failed, not_told, g.note AS note
ORDER BY gate
