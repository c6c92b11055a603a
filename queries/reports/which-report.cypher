// Which report for which system
// asks: SOC 1, SOC 2, both or neither, for each system, repository, database, vendor and process?
// params: snapshot
// returns: subject, kind, name, answer, question, soc1, soc2, relied_on_by, boundary
// rule: R0 to R14
// command: nhigraph which
MATCH (s:Snapshot {name: $snapshot})
MATCH (w:Which {load: s.load})
RETURN w.subject AS subject, w.kind AS kind, w.name AS name, w.answer AS answer, w.question AS question, w.soc1 AS soc1,
       coalesce(w.soc2, []) AS soc2, coalesce(w.relied_on_by, []) AS relied_on_by, coalesce(w.boundary, []) AS boundary
ORDER BY subject, kind
