// Who can read a target
// asks: Which identities learn what the target holds? Where `known` is false that could not be decided: a gap hides it.
// params: snapshot, target
// returns: identity, name, verdict, soc1, soc2, exposure, certainty, steps, known, picture
// rule: R8 R11
// command: nhigraph who {target}
MATCH (s:Snapshot {name: $snapshot})
MATCH (t:Entity {uid: s.load + '|' + $target})
CALL (s, t) {
  MATCH (i:Entity)-[r:REACH_READ]->(t)
  RETURN i, r, true AS known
  UNION
  MATCH (i:Entity)-[r:REACH_UNKNOWN {target: '*'}]->(:Everything {load: s.load})
  WHERE NOT EXISTS { (i)-[:REACH_READ]->(t) }
  RETURN i, r, false AS known
}
CALL (s, r) {
  OPTIONAL MATCH (p:Path {uid: s.load + '|Path ' + r.path_id})
  UNWIND range(0, coalesce(p.steps, 0) - 1) AS n
  MATCH step = (:Entity {uid: s.load + '|' + p.sources[n]})-[{key: p.rels[n]}]-(:Entity {uid: s.load + '|' + p.targets[n]})
  WITH n, step ORDER BY n
  RETURN collect(step) AS picture
}
RETURN i.key AS identity, i.name AS name, r.verdict AS verdict, r.soc1 AS soc1, coalesce(r.soc2, []) AS soc2,
       r.exposure AS exposure, r.certainty AS certainty, r.steps AS steps, known, picture
ORDER BY known DESC, soc1, identity
