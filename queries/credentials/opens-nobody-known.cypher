// Credentials that open nobody who is known
// asks: Which credentials authenticate as nobody in what was read? Where there is a gap, that is not known to be nobody.
// params: snapshot
// returns: credential, name, gaps
MATCH (s:Snapshot {name: $snapshot})
MATCH (c:Credential {load: s.load}) WHERE NOT EXISTS { MATCH (c)-[:AUTHENTICATES_AS {in_force: true}]->() }
RETURN c.key AS credential, c.name AS name, COUNT { MATCH (c)-[:HAS_GAP]->(g:Gap {open: true}) } AS gaps
ORDER BY credential
