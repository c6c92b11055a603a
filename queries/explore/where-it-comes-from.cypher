// Where the data of a target come from
// asks: Which data and logic is the target made of, at any distance?
// params: snapshot, target
// returns: node, kind, name, picture
// rule: R3 R4
MATCH (s:Snapshot {name: $snapshot})
MATCH (t:Entity {uid: s.load + '|' + $target})
CALL (t) {
  MATCH (t)<-[:FEEDS|FILTERS|COMPUTES|SUPPORTS*0.. {in_force: true}]-(x)
  RETURN DISTINCT x
}
WITH t, x WHERE x <> t
OPTIONAL MATCH picture = (x)-[:FEEDS|FILTERS|COMPUTES|SUPPORTS {in_force: true}]->()
RETURN x.key AS node, x.kind AS kind, x.name AS name, collect(picture) AS picture
ORDER BY kind, node
