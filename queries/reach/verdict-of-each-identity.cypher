// The verdict of each identity
// asks: SOC 1, SOC 2, both or neither, for each non-human identity?
// params: snapshot
// returns: identity, kind, name, owner, verdict, soc1, soc2, exposure, weaknesses
// rule: R0 to R14
MATCH (s:Snapshot {name: $snapshot})
MATCH (i:Entity {load: s.load}) WHERE i.verdict IS NOT NULL
RETURN i.key AS identity, i.kind AS kind, i.name AS name, coalesce(i.owner, '') AS owner, i.verdict AS verdict, i.soc1 AS soc1,
       coalesce(i.soc2, []) AS soc2, i.exposure AS exposure, coalesce(i.shown_weaknesses, []) AS weaknesses
ORDER BY identity
