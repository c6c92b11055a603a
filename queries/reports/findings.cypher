// Findings, the worst first
// asks: What do the rules find, at whom, bearing on which target?
// params: snapshot
// returns: severity, rule, subject, target, title, owner, place
// command: nhigraph findings
MATCH (s:Snapshot {name: $snapshot})
MATCH (f:Finding {load: s.load})
RETURN f.severity AS severity, f.rule AS rule, f.subject AS subject, coalesce(f.target, '') AS target, f.title AS title,
       coalesce(f.owner, '') AS owner, f.artifact + ' ' + coalesce(f.pointer, '') AS place
ORDER BY toInteger(split(f.uid, ' ')[-1])
