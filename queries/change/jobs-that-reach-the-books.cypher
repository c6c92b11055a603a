// Jobs that reach the books
// asks: Which CI jobs can change the books, and past which control?
// params: snapshot
// returns: job, name, targets, exposures
// rule: R2 to R5
MATCH (s:Snapshot {name: $snapshot})
MATCH (j:CiJob {load: s.load})-[r:REACH_CONTROL|REACH_ALTER|REACH_OMIT]->(t:FinancialReporting)
WITH j, t, r ORDER BY t.key
WITH j, collect(DISTINCT t.key) AS targets, collect(DISTINCT r.exposure) AS found
RETURN j.key AS job, j.name AS name, targets,
       [one IN ['open', 'undetermined', 'relies_on_subservice', 'gated', 'in-population'] WHERE one IN found] AS exposures
ORDER BY job
