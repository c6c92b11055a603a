"""Why a credential stands where it stands, and what the fewest to rotate come to, in sentences."""

from collections.abc import Mapping, Sequence

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.rotation_rows import Fewest, RotationRow
from nhigraph.records import dataclass
from nhigraph.schema import kinds

#: Names that one sentence lists.
_LISTED = 3
#: Runs of ranks that one sentence lists.
_RUNS = 6
_PAST = {
    "open": "past no control that holds",
    UNDETERMINED: "and whether a control holds on every way is not known",
    "relies_on_subservice": "past controls of a subservice organisation",
    "gated": "but only past controls that hold",
}
_BOOKS = {"direct": "change the books", "indirect": "weaken what the books rest on"}


@dataclass(frozen=True, slots=True)
class Beside:
    """What is said of a credential besides its row.

    Attributes:
        idle: Keys of those that it would open on another day.
        dated: The day from which its age would count, where that is after the day asked about.
        unnamed: Keys of those that are handed it and are not said to stop without it.
    """

    idle: tuple[str, ...] = ()
    dated: str = ""
    unnamed: tuple[str, ...] = ()


class Reasons:
    """Says why, of one estate."""

    def __init__(self, estate: Estate) -> None:
        """Take the names that people know."""
        self._estate = estate
        self._known = estate.graph.nodes["name"].tolist()
        self._told: dict[str, str] = {}
        self._called([target.key for target in estate.targets])
        self._limit = estate.thresholds["credential_age_days"]

    def of(self, row: RotationRow, beside: Beside) -> str:
        """The sentence of a row.

        Args:
            row: The row, all but its rank, path and sentence.
            beside: What else is said of its credential.
        """
        told = [self._does(row, beside), self._age(row, beside), self._users(row, beside)]
        return f"{'; '.join(filter(None, told))}."

    def _users(self, row: RotationRow, beside: Beside) -> str:
        """Those that use it of which no record says that they stop without it."""
        if beside.unnamed:
            many = len(beside.unnamed) > 1
            told = "they stop" if many else "it stops"
            verb = "use" if many else "uses"
            return (
                f"{self._names(beside.unnamed)} {verb} it, and nothing says that {told} without it"
            )
        if row.used_by and not row.breaking:
            return f"{row.used_by:,} use it, by what is said of it, and none of them is named"
        return ""

    def _does(self, row: RotationRow, beside: Beside) -> str:
        letters = [letter for letter in row.soc2 if letter != UNDETERMINED]
        done = [_BOOKS[row.soc1]] if row.soc1 in _BOOKS else []
        done += [f"break a promise ({', '.join(letters)})"] if letters else []
        open_ended = row.soc1 == UNDETERMINED or (UNDETERMINED in row.soc2 and not done)
        why = self._unknown(row) if open_ended else ""
        if not done:
            nothing = f"It reaches no target in what was read{self._silent(row, beside)}"
            return f"It is not known what it leads to: {why}" if why else nothing
        who = f"As {self._names(row.opens)}, whoever" if row.opens else "Whoever"
        # A target that stands for several promises has one name.
        targets = [*dict.fromkeys(map(self._told.__getitem__, row.targets))]
        at = f" at {_few(targets, len(targets))}" if targets else ""
        past = f", {_PAST[row.exposure]}" if row.exposure in _PAST else ""
        more = f", and what else is not known: {why}" if why else ""
        return f"{who} knows it {row.certainty} {' and '.join(done)}{at}{past}{more}"

    def _silent(self, row: RotationRow, beside: Beside) -> str:
        """What is to be added where it reaches nothing: what it opens is not told, or idle."""
        if row.opens or row.kind == kinds.ENCRYPTION_KEY.label:
            return ""
        if beside.idle:
            return f": {self._names(beside.idle)}, which it opens, does not count on the day"
        return ", and nothing that was read says what it opens"

    def _unknown(self, row: RotationRow) -> str:
        if not row.gaps:
            return "not all of the scope stands for something that was read"
        more = f" and {len(row.gaps) - 1} more" if len(row.gaps) > 1 else ""
        return f"{'; '.join(self._estate.gap_reasons[row.gaps[0]])} ({row.gaps[0]}{more})"

    def _age(self, row: RotationRow, beside: Beside) -> str:
        said = ["it is exposed"] if "secret_exposed" in row.weaknesses else []
        old = "long_lived" in row.weaknesses
        if row.age_days is None:
            later = f"its value is of {beside.dated}, after the day asked about"
            unknown = later if beside.dated else "nobody says how old it is"
            said.append("it is said to be long-lived" if old else unknown)
        else:
            past = f", past the limit of {self._limit:g}"
            aged = past if row.age_days > self._limit else " and said to be long-lived"
            said.append(f"its value is {row.age_days:,} days old{aged if old else ''}")
        if not row.last_used and not row.used_by:
            said.append("no use of it is known")
        *before, last = said
        return f"{', '.join(before)}, and {last}" if before else last

    def _names(self, keys: Sequence[str]) -> str:
        """Names people know, a few of them."""
        return _few(self._called(keys[:_LISTED]), len(keys))

    def _called(self, keys: Sequence[str]) -> list[str]:
        return [self._name_of(key) for key in keys]

    def _name_of(self, key: str) -> str:
        name = self._told.get(key)
        if name is None:
            node = self._estate.graph.node_id(key)
            name = self._told[key] = key if node is None else self._known[node] or key
        return name


def _few(names: Sequence[str], count: int) -> str:
    """The first of some names, and how many more there are."""
    more = f" and {count - _LISTED:,} more" if count > _LISTED else ""
    return f"{', '.join(names[:_LISTED])}{more}"


#: What the fewest keep from, by the side that was asked about.
_KEPT = {
    "soc1": ("reaches the books", "reach the books"),
    "soc2": ("breaks a promise", "break one"),
}


def said(found: Fewest, rows: Sequence[RotationRow]) -> tuple[str, ...]:
    """What the fewest to rotate come to: the answer first, then what it leaves open.

    Args:
        found: The set.
        rows: Every row.
    """
    one, many = _KEPT[found.until]
    row_of = {row.credential: row for row in rows}
    left = f"no long-lived or exposed credential {one}"
    if len(found.rotate) > 1:
        these = f"these {len(found.rotate):,} ({_ranks(row_of, found.rotate)})"
        lines = [f"Rotate {these} and {left}: searched again without them."]
    elif found.rotate:
        row = row_of[found.rotate[0]]
        this = f"{row.name or row.credential} (rank {row.rank})"
        lines = [f"Rotate {this} and {left}: searched again without it."]
    else:
        lines = [f"No credential known to be long-lived or exposed {one}."]
    more = " more" if found.rotate else ""
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
            several = len(keys) > 1
            count, does = (f"{len(keys):,}", plural) if several else ("One", single)
            lines.append(f"{count}{more} ({_ranks(row_of, keys)}) {does}.")
    return tuple(lines)


def _ranks(row_of: Mapping[str, RotationRow], keys: Sequence[str]) -> str:
    """``rank 3``, ``ranks 1, 4 to 9``: a few of the runs where there are many."""
    runs: list[list[int]] = []
    for rank in sorted(row_of[key].rank for key in keys):
        if runs and rank == runs[-1][-1] + 1:
            runs[-1].append(rank)
        else:
            runs.append([rank])
    shown = [
        f"{run[0]:,} to {run[-1]:,}" if len(run) > 2 else ", ".join(map("{:,}".format, run))  # noqa: PLR2004 - a run
        for run in runs[:_RUNS]
    ]
    rest = sum(map(len, runs[_RUNS:]))
    more = f" and {rest:,} more" if rest else ""
    return f"{'ranks' if len(keys) > 1 else 'rank'} {', '.join(shown)}{more}"
