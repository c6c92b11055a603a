// Identities without an owner
// asks: Which living non-human identities have no owner, or one who left?
// params: snapshot
// returns: identity, kind, name, owner, owner_status, verdict
// rule: NHI1
MATCH (s:Snapshot {name: $snapshot})
MATCH (i:Entity {load: s.load, nhi: true, alive: true})
WHERE i.owner IS NULL OR i.owner_status IN ['left', 'none']
RETURN i.key AS identity, i.kind AS kind, i.name AS name, coalesce(i.owner, '') AS owner,
       coalesce(i.owner_status, '') AS owner_status, i.verdict AS verdict
ORDER BY identity
