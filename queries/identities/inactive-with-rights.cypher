// Identities that are off and have rights
// asks: Which disabled, deleted or expired identities would reach something if a mistake brought them back?
// params: snapshot
// returns: identity, name, state, expires, rights
MATCH (s:Snapshot {name: $snapshot})
MATCH (i:Entity {load: s.load, nhi: true, alive: false})
WITH i, COUNT { MATCH (i)-[e]->(:Entity) } AS rights WHERE rights > 0
RETURN i.key AS identity, i.name AS name, i.state AS state, i.expires AS expires, rights
ORDER BY identity
