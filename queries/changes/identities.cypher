// Identities that came and went
// asks: Which non-human identities and credentials are there now and were not, or are no longer?
// params: snapshot, before
// returns: change, key, kind, name, verdict
// rule: R14
MATCH (s:Snapshot {name: $snapshot})
MATCH (b:Snapshot {name: $before})
CALL (s, b) {
  MATCH (n:Entity {load: s.load}) WHERE (n.nhi OR n:Credential) AND NOT EXISTS { MATCH (:Entity {uid: b.load + '|' + n.key}) }
  RETURN 'came' AS change, n
  UNION
  MATCH (n:Entity {load: b.load}) WHERE (n.nhi OR n:Credential) AND NOT EXISTS { MATCH (:Entity {uid: s.load + '|' + n.key}) }
  RETURN 'went' AS change, n
}
RETURN change, n.key AS key, n.kind AS kind, n.name AS name, coalesce(n.verdict, '') AS verdict
ORDER BY key, change
