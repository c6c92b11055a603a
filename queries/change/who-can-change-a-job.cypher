// Who can change what a job runs
// asks: Which nodes may write the repository, branch or workflow that the job executes?
// params: snapshot, identity
// returns: holder, kind, right, node, gate, place, picture
// rule: R4 NHI6
// command: nhigraph who {identity}
MATCH (s:Snapshot {name: $snapshot})
MATCH (j:Entity {uid: s.load + '|' + $identity})
CALL (j) {
  MATCH (j)<-[:EXECUTES|CONTAINS*1.. {in_force: true}]-(c)
  RETURN DISTINCT c
}
MATCH picture = (a:Entity)-[e:CAN_WRITE|CAN_ADMINISTER|OWNS {in_force: true}]->(c)
RETURN a.key AS holder, a.kind AS kind, type(e) AS right, c.key AS node, coalesce(e.gate, '') AS gate,
       e.artifact + ' ' + coalesce(e.pointer, '') AS place, picture
ORDER BY node, holder
