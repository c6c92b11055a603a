// Whose paths pass a node
// asks: Which identities reach a target by a printed path through the node?
// params: snapshot, node
// returns: identity, target, path_id, exposure
// rule: R2 to R9
MATCH (s:Snapshot {name: $snapshot})
MATCH (p:Path {load: s.load})-[:ABOUT]->(i:Entity)
WHERE $node IN p.sources OR $node IN p.targets
MATCH (p)-[:FOR]->(t:Entity)
MATCH (i)-[r]->(t) WHERE r.path_id = p.path_id
RETURN DISTINCT i.key AS identity, t.key AS target, p.path_id AS path_id, r.exposure AS exposure
ORDER BY identity, target
