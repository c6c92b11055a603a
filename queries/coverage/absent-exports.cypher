// Exports that would tell more
// asks: Which exports were not given that would settle what is open?
// params: snapshot
// returns: source, settles, command, readable
// rule: R0
// command: nhigraph coverage
MATCH (s:Snapshot {name: $snapshot})
MATCH (a:Absent {load: s.load})
RETURN coalesce(a.source, '') AS source, coalesce(a.settles, '') AS settles, coalesce(a.command, '') AS command,
       coalesce(a.readable, true) AS readable
ORDER BY source
