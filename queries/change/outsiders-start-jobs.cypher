// Jobs that outsiders can start, and that reach money
// asks: Which jobs can somebody without a role in the repository start or take over, and which books do they reach?
// params: snapshot
// returns: job, name, how, targets
// rule: NHI6
MATCH (s:Snapshot {name: $snapshot})
MATCH (j:CiJob {load: s.load})
CALL (s, j) {
  MATCH (w:Workflow)-[:EXECUTES {in_force: true}]->(j)
  UNWIND w.triggers AS trigger
  WITH trigger WHERE split(trigger, '=')[-1] IN ['fork-author', 'anyone', 'issue-author', 'commenter']
  RETURN trigger AS how
  UNION
  MATCH (j)<-[:EXECUTES*0..1 {in_force: true}]-(x) WHERE x = j OR x:Runner
  MATCH (a:Group)-[e:CAN_ASSUME|EXECUTES|CAN_ADMINISTER|OWNS|CAN_WRITE {in_force: true}]->(x)
  WHERE a.key = 'github:anyone' AND a.load = s.load
  RETURN a.name + ': ' + coalesce(e.condition, '') AS how
}
WITH j, how ORDER BY how
WITH j, collect(DISTINCT how) AS how
MATCH (j)-[:REACH_CONTROL|REACH_ALTER|REACH_OMIT]->(t:FinancialReporting)
WITH j, how, t ORDER BY t.key
RETURN j.key AS job, j.name AS name, how, collect(DISTINCT t.key) AS targets
ORDER BY job
