// What stops the worst secret
// asks: Which controls stand on the paths of whoever learns the credential, and what would cut them?
// params: snapshot, credential
// returns: step, source, kind, target, gate, gate_holds, cut, place, picture
// rule: R2 to R9
// command: nhigraph blast {credential}
MATCH (s:Snapshot {name: $snapshot})
MATCH (k:Rotation {load: s.load, credential: $credential})
MATCH (p:Path {uid: s.load + '|Path ' + k.path_id})
UNWIND range(0, p.steps - 1) AS n
MATCH picture = (a:Entity {uid: s.load + '|' + p.sources[n]})-[e {key: p.rels[n]}]-(b:Entity {uid: s.load + '|' + p.targets[n]})
OPTIONAL MATCH (g:Gate {load: s.load, key: p.gates[n]})
RETURN n + 1 AS step, a.key AS source, type(e) AS kind, b.key AS target, coalesce(p.gates[n], '') AS gate, g.holds AS gate_holds,
       coalesce(e.cut, []) AS cut, p.places[n] AS place, picture
ORDER BY step
