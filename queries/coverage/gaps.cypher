// Gaps, and who reaches them
// asks: What was seen and not understood, or needed and not supplied, and whose answers does it leave open?
// params: snapshot
// returns: node, reason, states, open, identities, picture
// rule: R0
MATCH (s:Snapshot {name: $snapshot})
MATCH (n:Entity {load: s.load})-[h:HAS_GAP]->(g:Gap)
OPTIONAL MATCH (i:Entity {load: s.load}) WHERE n.key IN i.hidden_by
WITH n, g, h, i ORDER BY i.key
RETURN n.key AS node, g.name AS reason, g.states AS states, g.open AS open, collect(i.key) AS identities, [n, h, g] AS picture
ORDER BY node, reason
