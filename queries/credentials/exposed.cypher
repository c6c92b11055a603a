// Credentials that stand where others read them
// asks: Which credentials have their value in a file, or somewhere else where it should not be?
// params: snapshot
// returns: credential, name, kind, place
// rule: NHI2
MATCH (s:Snapshot {name: $snapshot})
MATCH (c:Credential {load: s.load}) WHERE c.exposed = true
RETURN c.key AS credential, c.name AS name, c.kind AS kind, c.artifact + ' ' + coalesce(c.pointer, '') AS place
ORDER BY credential
