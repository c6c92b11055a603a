// Relationships that came and went
// asks: Which facts are there now and were not, or are no longer?
// params: snapshot, before
// returns: change, source, kind, target, place
MATCH (s:Snapshot {name: $snapshot})
MATCH (b:Snapshot {name: $before})
CALL (s, b) {
  MATCH (x:Entity {load: s.load})-[e]->(y:Entity) WHERE e.artifact IS NOT NULL
  RETURN e.key AS key, 'came' AS change, x.key AS source, type(e) AS kind, y.key AS target,
         e.artifact + ' ' + coalesce(e.pointer, '') AS place
  UNION
  MATCH (x:Entity {load: b.load})-[e]->(y:Entity) WHERE e.artifact IS NOT NULL
  RETURN e.key AS key, 'went' AS change, x.key AS source, type(e) AS kind, y.key AS target,
         e.artifact + ' ' + coalesce(e.pointer, '') AS place
}
WITH key, collect({change: change, source: source, kind: kind, target: target, place: place}) AS sides
WHERE size(sides) = 1
WITH sides[0] AS one
RETURN one.change AS change, one.source AS source, one.kind AS kind, one.target AS target, one.place AS place
ORDER BY source, kind, target, change
