// Machines that approve
// asks: Which controls are decided by a non-human identity?
// params: snapshot
// returns: gate, name, approver, kind
MATCH (s:Snapshot {name: $snapshot})
MATCH (g:Gate {load: s.load})-[:APPROVED_BY]->(a:Entity {nhi: true})
RETURN g.key AS gate, g.name AS name, a.key AS approver, a.kind AS kind
ORDER BY gate, approver
