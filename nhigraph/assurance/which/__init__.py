"""Which report a subject asks for: SOC 1, SOC 2, both or neither, of a system and not of who acts.

A subject (a system, repository, database, vendor or process) acts on nothing by itself: whoever
has taken it over does. Its answer is therefore the verdict of an *imagined* identity, one for each
subject, judged on the same graph by the rules that judge everybody (``assurance.planted``).
Nothing leads to it, so nobody else's row changes.

It holds the subject by ``OWNS``, and not merely CONTROL: CONTROL of a table or a store implies
nothing else (DESIGN 3), so that whoever had no more than that at a database which only feeds the
ledger would reach nothing, and the database would wrongly be told to be "neither". ``OWNS`` gives
all five states and is no enabling action: S is never given by the planting, only by what lies
behind it. The imagined identity is inside the boundary, has no properties and no weaknesses, and
stands in no output but as its subject: a path is shown from the subject's own node.

What an identity cannot be cleared of, a subject cannot either: a gap behind it, a dead target, a
commitment that could not be read and a part of the scope that was lost count as they do for
identities, by the same code. A subject of which every node is disabled, deleted or expired is held
by nobody: neither, and its row says ``inactive``. A process has no node but those of its targets:
of one that stands for nothing nobody is cleared, so that whoever holds nothing at all is judged
there, and the process is undetermined where the target could be of effect.

Source of the question: AT-C 320 asks a SOC 1 of controls relevant to user entities' financial
reporting; AT-C 205 with TSP 100 asks a SOC 2 of commitments in up to five categories.
"""
