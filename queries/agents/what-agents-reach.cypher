// What agents reach
// asks: Which AI agents and their servers of tools reach a target, and what do they hold there?
// params: snapshot
// returns: agent, kind, name, targets, verdict, exposure
// rule: R2 to R12
MATCH (s:Snapshot {name: $snapshot})
MATCH (a:Entity {load: s.load}) WHERE a:AiAgent OR a:McpServer
OPTIONAL MATCH (a)-[:REACH_CONTROL|REACH_ALTER|REACH_OMIT|REACH_READ|REACH_HALT]->(t)
WITH a, t ORDER BY t.key
RETURN a.key AS agent, a.kind AS kind, a.name AS name, collect(DISTINCT t.key) AS targets, a.verdict AS verdict, a.exposure AS exposure
ORDER BY agent
