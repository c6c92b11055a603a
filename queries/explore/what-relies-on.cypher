// What relies on a table
// asks: Which data, reports and targets are made of the node, at any distance?
// params: snapshot, node
// returns: node, kind, name, picture
// rule: R3
// command: nhigraph blast {node}
MATCH (s:Snapshot {name: $snapshot})
MATCH (d:Entity {uid: s.load + '|' + $node})
CALL (d) {
  MATCH (d)-[:FEEDS|FILTERS|COMPUTES|SUPPORTS|CONTAINS*0.. {in_force: true}]->(x)
  RETURN DISTINCT x
}
WITH d, x WHERE x <> d
OPTIONAL MATCH picture = (x)<-[:FEEDS|FILTERS|COMPUTES|SUPPORTS|CONTAINS {in_force: true}]-()
RETURN x.key AS node, x.kind AS kind, x.name AS name, collect(picture) AS picture
ORDER BY kind, node
