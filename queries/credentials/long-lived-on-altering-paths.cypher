// Old keys on altering paths
// asks: Which credentials on a printed path to the books were not rotated for more than `days` days, or nobody says when?
// params: snapshot, days=365
// returns: credential, name, rotated, created, age_days, identities, targets
// rule: R12
MATCH (s:Snapshot {name: $snapshot})
MATCH (p:Path {load: s.load})-[:ABOUT]->(i:Entity)
MATCH (p)-[:FOR]->(t:FinancialReporting)
UNWIND p.sources + p.targets AS passed
MATCH (c:Credential {uid: s.load + '|' + passed})
WITH s, c, i, t, duration.inDays(coalesce(c.rotated, c.created), s.as_of).days AS age
WHERE age IS NULL OR age > $days
WITH c, i, t, age ORDER BY t.key
WITH c, age, collect(DISTINCT i.key) AS found, collect(DISTINCT t.key) AS targets
RETURN c.key AS credential, c.name AS name, c.rotated AS rotated, c.created AS created, age AS age_days,
       COLLECT { UNWIND found AS one RETURN one ORDER BY one } AS identities, targets
ORDER BY age_days DESC, credential
