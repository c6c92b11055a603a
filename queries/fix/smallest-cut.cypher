// The smallest cut of a target
// asks: Which changes together stop everybody, and what is to be run for each?
// params: snapshot, target
// returns: rank, source, kind, destination, action, identities, statement, place, picture
// command: nhigraph cut {target}
MATCH (s:Snapshot {name: $snapshot})
MATCH (t:Entity {uid: s.load + '|' + $target})
MATCH (c:Cut {load: s.load})-[:FOR]->(t)
OPTIONAL MATCH picture = (a:Entity {uid: s.load + '|' + c.from})-[e]->(b:Entity {uid: s.load + '|' + c.to})
WHERE type(e) = c.edge_kind AND $target IN e.cut
WITH c, collect(picture) AS picture
RETURN c.rank AS rank, c.from AS source, c.edge_kind AS kind, c.to AS destination, coalesce(c.action, '') AS action,
       c.identities AS identities, coalesce(c.statement, '') AS statement, c.artifact + ' ' + coalesce(c.pointer, '') AS place, picture
ORDER BY rank, source, kind, destination
