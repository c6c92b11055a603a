// The population
// asks: Which non-human identities and credentials were seen at all?
// params: snapshot
// returns: key, kind, name, owner, state, artifact, pointer
// rule: R14
// command: nhigraph population
MATCH (s:Snapshot {name: $snapshot})
MATCH (n:Entity {load: s.load}) WHERE n.nhi OR n:Credential
RETURN n.key AS key, n.kind AS kind, n.name AS name, coalesce(n.owner, '') AS owner, n.state AS state, n.artifact AS artifact,
       coalesce(n.pointer, '') AS pointer
ORDER BY key
