// Credentials of which nobody says their age
// asks: For which credentials is no day of rotation or creation told?
// params: snapshot
// returns: credential, name, kind, owner
MATCH (s:Snapshot {name: $snapshot})
MATCH (c:Credential {load: s.load}) WHERE c.rotated IS NULL AND c.created IS NULL
RETURN c.key AS credential, c.name AS name, c.kind AS kind, coalesce(c.owner, '') AS owner
ORDER BY credential
