// Who can stop a target
// asks: Which identities can stop the target or make it unavailable? Where `known` is false that could not be decided.
// params: snapshot, target
// returns: identity, name, verdict, soc1, soc2, exposure, certainty, steps, known, picture
// rule: R9
// command: nhigraph who {target}
MATCH (s:Snapshot {name: $snapshot})
MATCH (t:Entity {uid: s.load + '|' + $target})
MATCH (i:Entity)-[r:REACH_HALT|REACH_UNKNOWN]->(t)
CALL (s, r) {
  OPTIONAL MATCH (p:Path {uid: s.load + '|Path ' + r.path_id})
  UNWIND range(0, p.steps - 1) AS n
  MATCH step = (:Entity {uid: s.load + '|' + p.sources[n]})-[{key: p.rels[n]}]-(:Entity {uid: s.load + '|' + p.targets[n]})
  WITH n, step ORDER BY n
  RETURN collect(step) AS picture
}
RETURN i.key AS identity, i.name AS name, r.verdict AS verdict, r.soc1 AS soc1, coalesce(r.soc2, []) AS soc2,
       r.exposure AS exposure, r.certainty AS certainty, r.steps AS steps, type(r) = 'REACH_HALT' AS known, picture
ORDER BY known DESC, soc1, identity
