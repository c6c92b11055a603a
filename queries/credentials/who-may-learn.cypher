// Who can read a credential
// asks: Which nodes may learn the credential's value, directly or through what holds it?
// params: snapshot, credential
// returns: reader, kind, right, place, picture
// rule: R12
// command: nhigraph who {credential}
MATCH (s:Snapshot {name: $snapshot})
MATCH (c:Entity {uid: s.load + '|' + $credential})
CALL (c) {
  MATCH (c)<-[:CONTAINS*0.. {in_force: true}]-(h)
  RETURN DISTINCT h
}
MATCH picture = (a:Entity)-[e:CAN_READ|CAN_ADMINISTER|OWNS {in_force: true}]->(h)
RETURN a.key AS reader, a.kind AS kind, type(e) AS right, e.artifact + ' ' + coalesce(e.pointer, '') AS place, picture
ORDER BY reader, right
