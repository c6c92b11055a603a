// Who directs an agent
// asks: Whose text or code does an agent act on, and who may change that?
// params: snapshot
// returns: agent, source, kind, relationship, picture
// rule: R4 NHI6
MATCH (s:Snapshot {name: $snapshot})
MATCH (a:Entity {load: s.load}) WHERE a:AiAgent OR a:McpServer
MATCH picture = (x:Entity)-[e:EXECUTES|CAN_ASSUME|CAN_ADMINISTER|OWNS|CAN_WRITE {in_force: true}]->(a)
RETURN a.key AS agent, x.key AS source, x.kind AS kind, type(e) AS relationship, picture
ORDER BY agent, source
