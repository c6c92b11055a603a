// Rights over a node, one step away
// asks: Who was given which right over the node, and where is it stated?
// params: snapshot, node
// returns: holder, kind, right, action, certainty, place, picture
// rule: R2
// command: nhigraph who {node}
MATCH (s:Snapshot {name: $snapshot})
MATCH (d:Entity {uid: s.load + '|' + $node})
MATCH picture = (a:Entity)-[e:CAN_WRITE|CAN_DELETE|CAN_ADMINISTER|OWNS|CAN_READ|CAN_STOP|COMPUTES {in_force: true}]->(d)
RETURN a.key AS holder, a.kind AS kind, type(e) AS right, coalesce(e.action, '') AS action, e.certainty AS certainty,
       e.artifact + ' ' + coalesce(e.pointer, '') AS place, picture
ORDER BY right, holder
