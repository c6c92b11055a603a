// What an identity reaches
// asks: Which targets does the identity reach, what does it hold there, and past which control?
// params: snapshot, identity
// returns: target, name, states, verdict, soc1, soc2, exposure, certainty, steps, picture
// rule: R0 to R14
// command: nhigraph reach {identity}
MATCH (s:Snapshot {name: $snapshot})
MATCH (i:Entity {uid: s.load + '|' + $identity})
MATCH (i)-[every:REACH_CONTROL|REACH_ALTER|REACH_OMIT|REACH_READ|REACH_HALT|REACH_UNKNOWN]->(t)
WITH s, i, t, every ORDER BY type(every)
WITH s, i, t, every.target AS target, collect(every)[0] AS r
CALL (s, r) {
  OPTIONAL MATCH (p:Path {uid: s.load + '|Path ' + r.path_id})
  UNWIND range(0, coalesce(p.steps, 0) - 1) AS n
  MATCH step = (:Entity {uid: s.load + '|' + p.sources[n]})-[{key: p.rels[n]}]-(:Entity {uid: s.load + '|' + p.targets[n]})
  WITH n, step ORDER BY n
  RETURN collect(step) AS picture
}
RETURN r.target AS target, t.name AS name, coalesce(r.states, '') AS states, r.verdict AS verdict, r.soc1 AS soc1,
       coalesce(r.soc2, []) AS soc2, r.exposure AS exposure, r.certainty AS certainty, r.steps AS steps, picture
ORDER BY soc1, target
