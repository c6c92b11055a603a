// What could not be decided
// asks: Of which identities is it not known what they hold, and at which targets?
// params: snapshot
// returns: identity, target, verdict, gaps
// rule: R0
// command: nhigraph ask
MATCH (s:Snapshot {name: $snapshot})
MATCH (i:Entity {load: s.load})-[r:REACH_UNKNOWN]->()
RETURN i.key AS identity, r.target AS target, r.verdict AS verdict, coalesce(r.gaps, []) AS gaps
ORDER BY identity, target
