// Expired and soon expiring credentials
// asks: Which credentials have expired, or expire within `days` days?
// params: snapshot, days=365
// returns: credential, name, kind, expires, days_left, alive
MATCH (s:Snapshot {name: $snapshot})
MATCH (c:Credential {load: s.load}) WHERE c.expires IS NOT NULL
WITH c, duration.inDays(s.as_of, c.expires).days AS days_left
WHERE days_left <= $days
RETURN c.key AS credential, c.name AS name, c.kind AS kind, c.expires AS expires, days_left, c.alive AS alive
ORDER BY days_left, credential
