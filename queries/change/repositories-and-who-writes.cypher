// Who may write repositories
// asks: Which identities may change which repository, with or without review?
// params: snapshot
// returns: repository, holder, right, gate, reached_books
// rule: R4
MATCH (s:Snapshot {name: $snapshot})
MATCH (a:Entity)-[e:CAN_WRITE|CAN_ADMINISTER|OWNS {in_force: true}]->(p:Repository {load: s.load})
RETURN p.key AS repository, a.key AS holder, type(e) AS right, coalesce(e.gate, '') AS gate,
       COUNT { MATCH (a)-[:REACH_ALTER]->(:FinancialReporting) } AS reached_books
ORDER BY repository, holder, right
