"""Rows of which.csv from what was found of each subject."""

from collections.abc import Iterable, Iterator, Sequence

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.held import UNDETERMINED
from nhigraph.assurance.rows import VerdictRow
from nhigraph.assurance.split_owners import Owned
from nhigraph.assurance.which import evidence
from nhigraph.assurance.which.judge import Judged
from nhigraph.assurance.which_rows import WhichRow, question_of, told_of
from nhigraph.schema.controls import ASSERTIONS, CATEGORIES

_PROVEN = {"direct", "indirect"}


def which_rows(estate: Estate, found: Iterable[Judged]) -> list[WhichRow]:
    """One row for each subject."""
    owners, sides = _Owners(estate), _Sides()
    return [_row(estate, owners, sides, one) for one in found]


def reached(one: Judged) -> list[VerdictRow]:
    """Its rows at targets that it reaches with an effect."""
    return _with_effect(one.verdicts)


def _with_effect(rows: Iterable[VerdictRow]) -> list[VerdictRow]:
    return [row for row in rows if row.states and row.verdict != "neither"]


def _row(estate: Estate, owners: "_Owners", sides: "_Sides", one: Judged) -> WhichRow:
    subject, row, worst = one.subject, one.row, one.worst
    boundary = sorted({str(estate.boundary[node]) for node in subject.nodes})
    words = sides.evidence_of(one, boundary)
    targets, split, assertions = owners.told(one)
    verdict = row.verdict if row else "neither"
    letters = row.soc2 if row else ()
    weaknesses = row.weaknesses if row else ()
    soc1 = row.soc1 if row else "none"
    return WhichRow(
        subject.key,
        subject.kind,
        subject.name,
        ";".join(owners.of(subject.nodes)),
        verdict,
        soc1,
        letters,
        question_of(verdict),
        told_of(one.altered_by, one.altering),
        targets,
        words,
        evidence.identifiers(
            words,
            weaknesses,
            books=soc1 in _PROVEN,
            trust=bool(set(letters) & set(CATEGORIES)),
        ),
        tuple(boundary),
        split,
        one.paths.names[worst.target] if worst else "",
        row.gaps if row else (),
        row.exposure if row else "in-population",
        assertions,
        weaknesses,
        active=row is not None,
    )


def assertions_of(rows: Iterable[VerdictRow]) -> tuple[str, ...]:
    """Assertions at risk in any of the rows, in print order."""
    found = set[str]().union(*(row.assertions for row in rows))
    return tuple(name for name in ASSERTIONS if name in found)


def evidence_of(one: Judged, boundary: Sequence[str]) -> tuple[str, ...]:
    """What either side asks for of a subject, in words."""
    return _Sides().evidence_of(one, boundary)


class _Sides:
    """What either side asks for: of sorts of rows that are one object, once."""

    def __init__(self) -> None:
        #: Sorts are kept, so that their ids stay their own.
        self._known: dict[int, tuple[tuple[VerdictRow, ...], frozenset[str]]] = {}

    def evidence_of(self, one: Judged, boundary: Sequence[str]) -> tuple[str, ...]:
        """See the function of that name."""
        row = one.row
        if row is None:
            return ("inactive",)
        found = {*self._of_sorts(one.sorts)}
        found |= {evidence.OF_CATEGORY[c] for c in row.soc2 if c in evidence.OF_CATEGORY}
        if one.subject.kind == "vendor" or {"carve_out", "inclusive"} & set(boundary):
            found |= set(of_vendor(row.soc1, row.soc2))
        if UNDETERMINED in {row.verdict, row.soc1, *row.soc2}:
            found.add("missing_input")
        return evidence.in_order(found)

    def _of_sorts(self, sorts: tuple[VerdictRow, ...]) -> frozenset[str]:
        known = self._known.get(id(sorts))
        if known is None:
            words = frozenset(word for row in _with_effect(sorts) for word in _of_row(row))
            known = self._known[id(sorts)] = sorts, words
        return known[1]


def _of_row(row: VerdictRow) -> Iterator[str]:
    """What the books ask for at one target."""
    if row.soc1 not in _PROVEN:
        return
    yield from (evidence.OF_ASSERTION[name] for name in row.assertions)
    yield "access_to_programs_and_data"
    yield from (evidence.OF_RULE[rule] for rule in row.rules if rule in evidence.OF_RULE)
    if row.exposure == "gated":
        yield "key_controls"


def of_vendor(soc1: str, soc2: Iterable[str]) -> Iterator[str]:
    """What to ask a vendor for, by what its service bears on."""
    books, trust = soc1 in _PROVEN, bool(set(soc2) & set(CATEGORIES))
    if books:
        yield "soc1_type2_report"
    if trust:
        yield "soc2_type2_report"
    if books or trust:
        yield from ("complementary_user_entity_controls", "bridge_letter")


_Told = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


class _Owners:
    """Who answers for nodes and for targets."""

    def __init__(self, estate: Estate) -> None:
        self._owner = estate.graph.owner_list
        self._owned = Owned(estate)
        #: By rows that are one object; they are kept, so that their id stays their own.
        self._known: dict[int, tuple[Judged, _Told]] = {}

    def told(self, one: Judged) -> "_Told":
        """What is the same of all subjects whose rows are: targets, split owners, assertions."""
        known = self._known.get(id(one.verdicts))
        if known is None:
            ours = reached(one)
            targets = tuple(sorted(row.target for row in ours))
            told = targets, self.split(ours), assertions_of(_with_effect(one.sorts))
            known = self._known[id(one.verdicts)] = one, told
        return known[1]

    def of(self, nodes: Iterable[int]) -> list[str]:
        """Owners of nodes, sorted, each once."""
        return sorted({owner for node in nodes if (owner := str(self._owner[node]))})

    def split(self, rows: Iterable[VerdictRow]) -> tuple[str, ...]:
        """Owners of the books and of the promises that a subject decides, where they differ.

        Whether they do is said in ``split_owners``, as in the finding of that name.
        """
        found = self._owned.split(rows)
        if not found.split:
            return ()
        sides = (("books", found.finance), ("trust", found.trust))
        return tuple(f"{side}: {owner}" for side, of in sides for owner in of.everybody)
