// Who may become an identity
// asks: Which nodes can act as the identity, at any distance, by roles, memberships and what runs as it?
// params: snapshot, node
// returns: actor, kind, name, picture
// rule: R12
// command: nhigraph who {node}
MATCH (s:Snapshot {name: $snapshot})
MATCH (i:Entity {uid: s.load + '|' + $node})
CALL (i) {
  MATCH (i)<-[:CAN_ASSUME|MEMBER_OF|RUNS_AS|HOLDS|CAN_ADMINISTER|OWNS*1.. {in_force: true}]-(a)
  RETURN DISTINCT a
}
WITH a WHERE a:Identity OR a:Grant
OPTIONAL MATCH picture = (a)-[:CAN_ASSUME|MEMBER_OF|RUNS_AS|HOLDS|CAN_ADMINISTER|OWNS {in_force: true}]->()
RETURN a.key AS actor, a.kind AS kind, a.name AS name, collect(picture) AS picture
ORDER BY actor
