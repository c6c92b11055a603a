// Writes that no control guards
// asks: Which rights to change what a target rests on have no control on them?
// params: snapshot
// returns: holder, right, node, target, place, picture
// rule: R2
MATCH (s:Snapshot {name: $snapshot})
MATCH (d:Entity)-[:SUPPORTS {in_force: true}]->(t:FinancialReporting {load: s.load})
MATCH picture = (a:Entity)-[e:CAN_WRITE|CAN_DELETE|CAN_ADMINISTER|OWNS {in_force: true}]->(d)
WHERE e.gate IS NULL
RETURN a.key AS holder, type(e) AS right, d.key AS node, t.key AS target,
       e.artifact + ' ' + coalesce(e.pointer, '') AS place, picture
ORDER BY target, node, holder, right
