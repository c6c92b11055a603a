// Third parties on the paths
// asks: Which printed paths pass something that a vendor runs, or that lies outside our boundary?
// params: snapshot
// returns: node, name, vendor, boundary, identities, targets
// rule: R13
MATCH (s:Snapshot {name: $snapshot})
MATCH (p:Path {load: s.load})-[:ABOUT]->(i:Entity)
MATCH (p)-[:FOR]->(t:Entity)
UNWIND p.sources + p.targets AS passed
MATCH (n:Entity {uid: s.load + '|' + passed})
WHERE n.vendor IS NOT NULL OR n.boundary <> 'in'
WITH n, i, t ORDER BY t.key
WITH n, collect(DISTINCT i.key) AS found, collect(DISTINCT t.key) AS targets
RETURN n.key AS node, n.name AS name, coalesce(n.vendor, '') AS vendor, n.boundary AS boundary,
       COLLECT { UNWIND found AS one RETURN one ORDER BY one } AS identities, targets
ORDER BY node
