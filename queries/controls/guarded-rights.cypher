// What a control stands on
// asks: On which relationships does the control stand, and who rests on it?
// params: snapshot, gate
// returns: source, kind, target, place, picture
MATCH (s:Snapshot {name: $snapshot})
MATCH (g:Gate {load: s.load, key: $gate})-[:GUARDS]->(b:Entity)
MATCH picture = (a:Entity)-[e {gate: $gate}]->(b)
RETURN DISTINCT a.key AS source, type(e) AS kind, b.key AS target, e.artifact + ' ' + coalesce(e.pointer, '') AS place, picture
ORDER BY source, kind, target
