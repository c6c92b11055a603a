// What was read
// asks: Which documents does every answer rest on, and was each read whole?
// params: snapshot
// returns: artifact, source, status, accepted, quarantined, problem
// command: nhigraph coverage
MATCH (s:Snapshot {name: $snapshot})
MATCH (d:Document {load: s.load})
RETURN d.artifact AS artifact, coalesce(d.source, '') AS source, d.status AS status, d.accepted AS accepted,
       d.quarantined AS quarantined, coalesce(d.problem, '') AS problem
ORDER BY artifact
