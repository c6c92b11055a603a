// Secrets that jobs are handed
// asks: Which credentials can each job read, and whom do they open?
// params: snapshot
// returns: job, credential, opens
// rule: R12
MATCH (s:Snapshot {name: $snapshot})
MATCH (j:CiJob {load: s.load})-[:CAN_READ {in_force: true}]->(c:Credential)
OPTIONAL MATCH (c)-[:AUTHENTICATES_AS {in_force: true}]->(o:Entity)
WITH j, c, o ORDER BY o.key
RETURN j.key AS job, c.key AS credential, collect(DISTINCT o.key) AS opens
ORDER BY job, credential
