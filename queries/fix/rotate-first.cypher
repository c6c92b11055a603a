// What to rotate first
// asks: Which credentials are to be rotated first, and what stops where they stop working?
// params: snapshot
// returns: rank, credential, age_days, last_used, breaks
// rule: R12
// command: nhigraph rotate
MATCH (s:Snapshot {name: $snapshot})
MATCH (k:Rotation {load: s.load})
RETURN k.rank AS rank, k.credential AS credential, k.age_days AS age_days, coalesce(k.last_used, '') AS last_used,
       coalesce(k.breaks, []) AS breaks
ORDER BY rank
