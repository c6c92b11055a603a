// Identities that finance and security systems share
// asks: Which identities reach the books and a promise of trust both, and who owns what they reach?
// params: snapshot
// returns: identity, name, owner, books, promises
// rule: R2 to R12
MATCH (s:Snapshot {name: $snapshot})
MATCH (i:Entity {load: s.load})-[a:REACH_CONTROL|REACH_ALTER|REACH_OMIT|REACH_HALT]->(f:FinancialReporting)
WHERE a.soc1 IN ['direct', 'indirect']
WITH s, i, f ORDER BY f.key
WITH s, i, collect(DISTINCT f.key) AS books
MATCH (i)-[b:REACH_CONTROL|REACH_ALTER|REACH_OMIT|REACH_READ|REACH_HALT]->(t:TrustService)
WHERE size(coalesce(b.soc2, [])) > 0
WITH i, books, t ORDER BY t.key
RETURN i.key AS identity, i.name AS name, coalesce(i.owner, '') AS owner, books, collect(DISTINCT t.key) AS promises
ORDER BY identity
