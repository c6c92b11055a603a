// Snapshots in this database
// asks: Which states of the estate lie here, and is each complete?
// params: none
// returns: name, organization, as_of, complete, gaps, identities, verdicts
MATCH (s:Snapshot)
RETURN s.name AS name, coalesce(s.organization, '') AS organization, s.as_of AS as_of, s.complete AS complete, s.gaps AS gaps,
       s.identities AS identities, coalesce(s.verdicts, []) AS verdicts
ORDER BY name
