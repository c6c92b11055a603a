// Identities by how much they reach
// asks: Which identities reach most targets?
// params: snapshot
// returns: identity, name, verdict, targets, open_targets
// rule: R2 to R12
MATCH (s:Snapshot {name: $snapshot})
MATCH (i:Entity {load: s.load})-[r:REACH_CONTROL|REACH_ALTER|REACH_OMIT|REACH_READ|REACH_HALT]->(t)
RETURN i.key AS identity, i.name AS name, i.verdict AS verdict, count(DISTINCT t) AS targets,
       count(DISTINCT CASE WHEN r.exposure = 'open' THEN t END) AS open_targets
ORDER BY targets DESC, identity
