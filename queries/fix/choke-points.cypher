// Choke points
// asks: What does every way of every identity to a target pass, so that one control there would do?
// params: snapshot
// returns: target, point, kind, source, destination, gate, identities
MATCH (s:Snapshot {name: $snapshot})
MATCH (c:ChokePoint {load: s.load})
RETURN c.target AS target, c.point AS point, c.kind AS kind, c.from AS source, coalesce(c.to, '') AS destination,
       coalesce(c.gate, '') AS gate, c.identities AS identities
ORDER BY target, identities DESC, source
