"""Which report something asks for, as a person names it."""

from collections.abc import Iterable, Sequence

from nhigraph.app.judged import Judged
from nhigraph.app.questions.names import find_node
from nhigraph.app.which import all_subjects, rows_of
from nhigraph.assurance.rows import PathStep
from nhigraph.assurance.which import judge
from nhigraph.assurance.which.subjects import Subject, of_node
from nhigraph.assurance.which_rows import WhichRow
from nhigraph.errors import UsageError
from nhigraph.facts import keys

_LISTED = 8


def which(judged: Judged, names: Sequence[str]) -> list[tuple[WhichRow, judge.Judged]]:
    """The rows of some subjects, or of all, with what was found of each.

    Args:
        judged: The estate.
        names: Subjects, or any other nodes, by key, name or an unambiguous part; all if empty.

    Raises:
        UsageError: A name fits nothing, or several things.
    """
    known = all_subjects(judged)
    chosen = list(dict.fromkeys(find_subject(judged, known, name) for name in names)) or known
    found = judge.judge(judged.estate, chosen, every_path=bool(names))
    return list(zip(rows_of(judged, found), found, strict=True))


def which_vendor(judged: Judged, name: str) -> tuple[WhichRow, judge.Judged]:
    """The row of a vendor, with what was found of it.

    Raises:
        UsageError: No vendor has the name, or several.
    """
    chosen = find_subject(judged, all_subjects(judged), name, kind="vendor")
    found = judge.judge(judged.estate, [chosen], every_path=True)
    return rows_of(judged, found)[0], found[0]


def find_subject(
    judged: Judged, known: Iterable[Subject], text: str, *, kind: str = ""
) -> Subject:
    """The subject that a person means; any other node where no subject has the name.

    Args:
        judged: The estate.
        known: Its subjects.
        text: Key, name or an unambiguous part of the key.
        kind: Only subjects of this kind.

    Raises:
        UsageError: It fits nothing, or several things.
    """
    among = [one for one in known if kind in {"", one.kind}]
    wanted, folded = keys.canonical(text), text.casefold()
    exact = [one for one in among if one.key in {text, wanted}]
    node = None if kind or exact else judged.estate.graph.node_id(wanted)
    if node is not None:
        return of_node(judged.estate, node)
    # A name as it is written goes before one that differs in case: two may differ in that alone.
    hits = exact or [one for one in among if one.name == text]
    hits = hits or [one for one in among if one.name.casefold() == folded]
    hits = hits or [one for one in among if folded in one.key.casefold()]
    if len(hits) == 1:
        return hits[0]
    if hits:
        listed = ", ".join(f"{one.key} ({one.kind})" for one in hits[:_LISTED])
        more = f" and {len(hits) - _LISTED} more" if len(hits) > _LISTED else ""
        raise UsageError(f"{text!r} could be any of: {listed}{more}")
    if kind:
        listed = ", ".join(one.key for one in among[:_LISTED]) or "none is named by any input"
        raise UsageError(f"no {kind} {text!r}; there are: {listed}")
    return of_node(judged.estate, find_node(judged.estate.graph, text))


def find_path(judged: Judged, ident: str) -> list[PathStep] | None:
    """The steps of a path of which.csv by its id; None where none has it."""
    for one in judge.judge(judged.estate, all_subjects(judged)):
        for steps in one.paths.values():
            if steps and steps[0].path_id == ident:
                return list(steps)
    return None
