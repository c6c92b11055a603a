// Secrets that more than one team can read
// asks: Which credentials can actors of more than one owner read or use, one step away or through what holds them?
// params: snapshot
// returns: credential, name, owners, readers
// rule: NHI9
MATCH (s:Snapshot {name: $snapshot})
MATCH (c:Credential {load: s.load})
CALL (c) {
  MATCH (c)<-[:CONTAINS*0.. {in_force: true}]-(h)<-[:CAN_READ|CAN_ADMINISTER|OWNS {in_force: true}]-(a:Entity)
  RETURN DISTINCT a
}
WITH c, a, coalesce(a.owner, '') AS owner WHERE owner <> ''
WITH c, owner, a ORDER BY owner
WITH c, collect(DISTINCT owner) AS owners, collect(DISTINCT a.key) AS found
WHERE size(owners) > 1
RETURN c.key AS credential, c.name AS name, owners, COLLECT { UNWIND found AS one RETURN one ORDER BY one } AS readers
ORDER BY credential
