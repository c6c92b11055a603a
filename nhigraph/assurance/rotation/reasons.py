"""Why a credential stands where it stands, and what the fewest to rotate come to, in sentences."""

from collections.abc import Mapping, Sequence

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.rotation_rows import Fewest, RotationRow
from nhigraph.schema import kinds

#: Names that one sentence lists.
_LISTED = 3
_PAST = {
    "open": "past no control that holds",
    UNDETERMINED: "and whether a control holds on every way is not known",
    "relies_on_subservice": "past controls of a subservice organisation",
    "gated": "but only past controls that hold",
}
_BOOKS = {"direct": "change the books", "indirect": "weaken what the books rest on"}


def reason(estate: Estate, row: RotationRow) -> str:
    """The sentence of a row.

    Args:
        estate: The estate.
        row: The row, all but its rank, path and sentence.
    """
    return f"{_does(estate, row)}; {_age(estate, row)}."


def _does(estate: Estate, row: RotationRow) -> str:
    letters = [letter for letter in row.soc2 if letter != UNDETERMINED]
    done = [_BOOKS[row.soc1]] if row.soc1 in _BOOKS else []
    done += [f"break a promise ({', '.join(letters)})"] if letters else []
    open_ended = row.soc1 == UNDETERMINED or (UNDETERMINED in row.soc2 and not done)
    why = _unknown(estate, row) if open_ended else ""
    if not done:
        told = bool(row.opens) or row.kind == kinds.ENCRYPTION_KEY.label
        silent = "" if told else ", and nothing that was read says what it opens"
        nothing = f"It reaches no target in what was read{silent}"
        return f"It is not known what it leads to: {why}" if why else nothing
    who = f"As {_names(estate, row.opens)}, whoever" if row.opens else "Whoever"
    at = f" at {_names(estate, row.targets)}" if row.targets else ""
    past = f", {_PAST[row.exposure]}" if row.exposure in _PAST else ""
    more = f", and what else is not known: {why}" if why else ""
    return f"{who} knows it {row.certainty} {' and '.join(done)}{at}{past}{more}"


def _unknown(estate: Estate, row: RotationRow) -> str:
    if not row.gaps:
        return "not all of the scope stands for something that was read"
    first = estate.graph.node_id(row.gaps[0])
    reasons = {
        str(estate.graph.gaps["reason"].iat[at])
        for at in estate.gap_rows
        if at not in estate.closed and estate.gap(at)[0] == first
    }
    more = f" and {len(row.gaps) - 1} more" if len(row.gaps) > 1 else ""
    return f"{'; '.join(sorted(reasons))} ({row.gaps[0]}{more})"


def _age(estate: Estate, row: RotationRow) -> str:
    said = ["it is exposed"] if "secret_exposed" in row.weaknesses else []
    old = "long_lived" in row.weaknesses
    limit = estate.thresholds["credential_age_days"]
    if row.age_days is None:
        said.append("it is said to be long-lived" if old else "nobody says how old it is")
    elif row.age_days > limit:
        said.append(f"its value is {row.age_days:,} days old, past the limit of {limit:g}")
    else:
        said.append(f"its value is {row.age_days:,} days old")
    if not row.last_used and not row.used_by:
        said.append("no use of it is known")
    return ", and ".join(said) if len(said) < _LISTED else f"{said[0]}, {said[1]}, and {said[2]}"


def _names(estate: Estate, keys: Sequence[str]) -> str:
    """Names people know, a few of them."""
    names = estate.graph.nodes["name"]
    nodes = [(key, estate.graph.node_id(key)) for key in keys[:_LISTED]]
    told = [key if node is None else str(names.iat[node] or key) for key, node in nodes]
    more = f" and {len(keys) - _LISTED} more" if len(keys) > _LISTED else ""
    return f"{', '.join(told)}{more}"


#: What the fewest keep from, by the side that was asked about.
_KEPT = {
    "soc1": ("reaches the books", "reach the books"),
    "soc2": ("breaks a promise", "break one"),
}


def said(found: Fewest, ranks: Mapping[str, int]) -> tuple[str, ...]:
    """What the fewest to rotate come to: the answer first, then what it leaves open.

    Args:
        found: The set.
        ranks: Rank by key.
    """
    one, many = _KEPT[found.until]
    lines = []
    if found.rotate:
        several = len(found.rotate) > 1
        which = ", ".join(str(ranks[key]) for key in found.rotate)
        these = f"these {len(found.rotate)} (ranks {which})" if several else f"rank {which}"
        lines.append(
            f"Rotate {these} and no long-lived or exposed credential {one}: "
            f"searched again without {'them' if several else 'it'}."
        )
    else:
        lines.append(f"No credential known to be long-lived or exposed {one}.")
    for keys, single, plural in (
        (found.copies, "is a copy of one of these", "are copies of these"),
        (
            found.undecided,
            "may do so, too: it is not known what it leads to",
            "may do so, too: it is not known what they lead to",
        ),
        (
            found.ageless,
            f"{one}, and nobody says how old it is",
            f"{many}, and nobody says how old they are",
        ),
    ):
        if keys:
            which = ", ".join(str(ranks[key]) for key in keys)
            more = " more" if found.rotate else ""
            lines.append(
                f"One{more} (rank {which}) {single}."
                if len(keys) == 1
                else f"{len(keys)}{more} (ranks {which}) {plural}."
            )
    return tuple(lines)
