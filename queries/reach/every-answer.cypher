// Every answer, as a table
// asks: What is said of every identity at every target that it reaches?
// params: snapshot
// returns: identity, target, states, verdict, soc1, soc2, exposure, certainty, steps
// rule: R0 to R14
MATCH (s:Snapshot {name: $snapshot})
MATCH (i:Entity {load: s.load})-[r:REACH_CONTROL|REACH_ALTER|REACH_OMIT|REACH_READ|REACH_HALT|REACH_UNKNOWN]->()
WITH DISTINCT i.key AS identity, r.target AS target, coalesce(r.states, '') AS states, r.verdict AS verdict, r.soc1 AS soc1,
     coalesce(r.soc2, []) AS soc2, r.exposure AS exposure, r.certainty AS certainty, r.steps AS steps
RETURN identity, target, states, verdict, soc1, soc2, exposure, certainty, steps
ORDER BY identity, target
