// Open ways to the books
// asks: Which identities can change the books with no control in between?
// params: snapshot
// returns: identity, name, owner, targets, certainty, fewest_steps
// rule: R2 to R5
MATCH (s:Snapshot {name: $snapshot})
MATCH (i:Entity {load: s.load})-[r:REACH_CONTROL|REACH_ALTER|REACH_OMIT]->(t:FinancialReporting)
WHERE r.soc1 = 'direct' AND r.exposure = 'open'
WITH i, t, r ORDER BY t.key
RETURN i.key AS identity, i.name AS name, coalesce(i.owner, '') AS owner, collect(DISTINCT t.key) AS targets,
       CASE WHEN 'can' IN collect(r.certainty) THEN 'can' ELSE 'may' END AS certainty, min(r.steps) AS fewest_steps
ORDER BY size(targets) DESC, identity
