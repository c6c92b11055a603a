// What an identity can act as
// asks: Which roles, groups and grants does the identity have, at any distance?
// params: snapshot, node
// returns: node, kind, name, picture
// rule: R12
// command: nhigraph reach {node}
MATCH (s:Snapshot {name: $snapshot})
MATCH (i:Entity {uid: s.load + '|' + $node})
CALL (i) {
  MATCH (i)-[:CAN_ASSUME|MEMBER_OF|RUNS_AS|HOLDS*1.. {in_force: true}]->(a)
  RETURN DISTINCT a
}
OPTIONAL MATCH picture = (a)<-[:CAN_ASSUME|MEMBER_OF|RUNS_AS|HOLDS {in_force: true}]-()
RETURN a.key AS node, a.kind AS kind, a.name AS name, collect(picture) AS picture
ORDER BY node
