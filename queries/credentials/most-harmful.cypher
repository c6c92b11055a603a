// Which secret would hurt most
// asks: Which credential opens most to whoever learns it: the books first, then what no control guards?
// params: snapshot
// returns: rank, credential, name, opens, soc1, soc2, effects, targets, age_days, picture
// rule: R2 to R12
// command: nhigraph rotate
MATCH (s:Snapshot {name: $snapshot})
MATCH (k:Rotation {load: s.load})
OPTIONAL MATCH picture = (k)-[:ABOUT|OPENS]->(:Entity)
WITH k, collect(picture) AS picture
RETURN k.rank AS rank, k.credential AS credential, k.name AS name, coalesce(k.opens, []) AS opens, k.soc1 AS soc1,
       coalesce(k.soc2, []) AS soc2, coalesce(k.effects, []) AS effects, coalesce(k.targets, []) AS targets,
       k.age_days AS age_days, picture
ORDER BY rank
