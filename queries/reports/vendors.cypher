// What we need from vendors
// asks: Which vendors and carve-outs do our targets rest on, and which evidence do we need from each?
// params: snapshot
// returns: subject, name, answer, evidence, relied_on_by
// rule: R13
// command: nhigraph which
MATCH (s:Snapshot {name: $snapshot})
MATCH (w:Which {load: s.load, kind: 'vendor'})
RETURN w.subject AS subject, w.name AS name, w.answer AS answer, coalesce(w.evidence, []) AS evidence,
       coalesce(w.relied_on_by, []) AS relied_on_by
ORDER BY subject
