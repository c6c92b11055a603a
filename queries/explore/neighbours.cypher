// Everything at a node
// asks: What stands one step away from the node, in either direction, with its controls, gaps and answers?
// params: snapshot, node
// returns: direction, kind, other, other_kind, picture
MATCH (s:Snapshot {name: $snapshot})
MATCH (n:Entity {uid: s.load + '|' + $node})
MATCH picture = (n)-[e]-(o)
RETURN CASE WHEN startNode(e) = n THEN 'out' ELSE 'in' END AS direction, type(e) AS kind,
       coalesce(o.key, o.name, split(o.uid, '|')[1]) AS other,
       CASE WHEN o:Entity THEN o.kind ELSE [one IN labels(o) WHERE one <> 'Record'][0] END AS other_kind, picture
ORDER BY direction, kind, other
