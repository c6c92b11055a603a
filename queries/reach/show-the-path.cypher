// Show the path from an identity to a target
// asks: By which steps does the identity reach the target, and where is each of them stated?
// params: snapshot, identity, target
// returns: step, source, kind, target, held, gate, certainty, place, excerpt, picture
// rule: R2 to R9
// command: nhigraph why {identity} {target}
MATCH (s:Snapshot {name: $snapshot})
MATCH (i:Entity {uid: s.load + '|' + $identity})
MATCH (t:Entity {uid: s.load + '|' + $target})
MATCH (i)-[every:REACH_CONTROL|REACH_ALTER|REACH_OMIT|REACH_READ|REACH_HALT]->(t)
WITH s, collect(every)[0] AS r
MATCH (p:Path {uid: s.load + '|Path ' + r.path_id})
UNWIND range(0, p.steps - 1) AS n
MATCH picture = (a:Entity {uid: s.load + '|' + p.sources[n]})-[e {key: p.rels[n]}]-(b:Entity {uid: s.load + '|' + p.targets[n]})
RETURN n + 1 AS step, a.key AS source, type(e) AS kind, b.key AS target, p.held[n] AS held, coalesce(p.gates[n], '') AS gate,
       e.certainty AS certainty, p.places[n] AS place, coalesce(e.excerpt, '') AS excerpt, picture
ORDER BY step
