// Systems that finance and security own apart
// asks: Which systems do the books and a promise rest on, with different owners on either side?
// params: snapshot
// returns: subject, name, owners, answer, relied_on_by
// rule: split_ownership
// command: nhigraph which
MATCH (s:Snapshot {name: $snapshot})
MATCH (w:Which {load: s.load}) WHERE size(coalesce(w.split_owners, [])) > 0
RETURN w.subject AS subject, w.name AS name, w.split_owners AS owners, w.answer AS answer, coalesce(w.relied_on_by, []) AS relied_on_by
ORDER BY subject
