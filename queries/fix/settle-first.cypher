// What to settle first
// asks: Which facts would decide most of what is open?
// params: snapshot
// returns: rank, question, identities, rows, answers, command
// rule: R0
// command: nhigraph ask
MATCH (s:Snapshot {name: $snapshot})
MATCH (n:Question {load: s.load})
RETURN n.rank AS rank, n.question AS question, n.identities AS identities, n.rows AS rows, coalesce(n.answers, []) AS answers,
       coalesce(n.command, '') AS command
ORDER BY rank
