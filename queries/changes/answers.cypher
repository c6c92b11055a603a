// What changed since another snapshot
// asks: Which answers are there now and were not, or were otherwise?
// params: snapshot, before
// returns: identity, target, was, now
// rule: R0 to R14
MATCH (s:Snapshot {name: $snapshot})
MATCH (b:Snapshot {name: $before})
CALL (s, b) {
  MATCH (i:Entity {load: s.load})-[r:REACH_CONTROL|REACH_ALTER|REACH_OMIT|REACH_READ|REACH_HALT|REACH_UNKNOWN]->()
  RETURN DISTINCT i.key AS identity, r.target AS target, 'now' AS side, r.verdict + ' ' + r.exposure AS said
  UNION
  MATCH (i:Entity {load: b.load})-[r:REACH_CONTROL|REACH_ALTER|REACH_OMIT|REACH_READ|REACH_HALT|REACH_UNKNOWN]->()
  RETURN DISTINCT i.key AS identity, r.target AS target, 'was' AS side, r.verdict + ' ' + r.exposure AS said
}
WITH identity, target, max(CASE side WHEN 'was' THEN said END) AS was, max(CASE side WHEN 'now' THEN said END) AS now
WHERE coalesce(was, '') <> coalesce(now, '')
RETURN identity, target, coalesce(was, 'nothing') AS was, coalesce(now, 'nothing') AS now
ORDER BY identity, target
