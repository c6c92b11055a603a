"""One card per identity that has something to show, worst first; those alike share one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nhigraph.assurance import certainty
from nhigraph.assurance.listed import order
from nhigraph.assurance.path_rows import steps_of
from nhigraph.assurance.rows import Assessment, IdentityRow, PathStep, VerdictRow
from nhigraph.output import card_id, clip, spaced, to_node, words
from nhigraph.output.report_html.alike import Member, groups, member
from nhigraph.output.report_html.controls import undecided
from nhigraph.output.report_html.evidence import Budget, Filing
from nhigraph.output.report_html.lines import ALL_OTHERS, Lines, TargetLine, lines
from nhigraph.output.report_html.matrix import stem
from nhigraph.output.report_html.naming import Naming, short_key, word
from nhigraph.output.report_html.telling import Telling
from nhigraph.output.report_html.ways import Way, alternative_ways, ends, way
from nhigraph.records import dataclass

_MOST_CARDS = 500
#: Identities that a card names beside the first.
_MOST_MEMBERS = 40
_MOST_GAPS = 12
#: What all cards together may weigh, about a character each; those after that stand in files.
_WEIGHT = 430_000
#: Cards that are printed on paper with everything in them; of the others, their heads.
_PRINTED = 20
_TEXT = 300
_WORD = 96


@dataclass(frozen=True, slots=True)
class Card:
    """Everything the page says of one identity, or of several that are alike.

    Attributes:
        anchor: Id of the card; those of its lines begin with it.
        name: Its name; of several what their names have in common.
        count: How many identities share it.
        link: To the node in the drawing; empty for none.
        worst: Name of the target that it speaks of first.
        way: The path to it.
        evidence: What its steps rest on.
        members: The others that share the card, the first of them.
        late: On paper its head alone is printed.
    """

    key: str
    shown_key: str
    anchor: str
    name: str
    first: str
    count: int
    kind: str
    owner: str
    verdict: str
    exposure: str
    boundary: str
    says: tuple[str, ...]
    link: str
    worst: str
    way: Way
    evidence: Filing | None
    alternatives: tuple[Way, ...]
    lines: tuple[TargetLine, ...]
    more_lines: int
    weaknesses: tuple[str, ...]
    gaps: tuple[tuple[str, str], ...]
    more_gaps: int
    members: tuple[Member, ...]
    late: bool

    @property
    def more_members(self) -> int:
        """How many more share the card."""
        return self.count - 1 - len(self.members)

    @property
    def weight(self) -> int:
        """About how many characters of the page it takes."""
        ways = (self.way, *self.alternatives)
        steps = sum(len(one.steps) for one in ways)
        targets = sum(len(line.targets) for line in self.lines)
        said = sum(len(text) for text in self.says) + sum(len(why) for _, why in self.gaps)
        of_members = sum(260 + 190 * len(one.steps) for one in self.members)
        return 900 + said + 480 * steps + 330 * len(self.lines) + 80 * targets + of_members


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards.

    Attributes:
        shown: The cards, the worst first.
        identities: How many identities these speak of.
        left_out: How many identities with something to show have none.
        places: Identity and target to the id of what says more; target empty for all of it.
        rows: Rows that say something, by identity.
    """

    shown: tuple[Card, ...]
    identities: int
    left_out: int
    places: Mapping[tuple[str, str], str]
    rows: Telling

    @property
    def anchors(self) -> dict[str, str]:
        """Identity to the id of its card."""
        return {key: place for (key, target), place in self.places.items() if not target}

    @property
    def late(self) -> int:
        """How many cards are not printed on paper."""
        return sum(one.late for one in self.shown)


def cards(assessment: Assessment, naming: Naming, graph_page: str) -> Cards:
    """Cards of the worst identities, within what a page may weigh."""
    telling = order([row for row in assessment.identities if _tells(row)])
    rows = Telling.of(assessment)
    shown: list[Card] = []
    places: dict[tuple[str, str], str] = {}
    budget = Budget()
    weight = told = 0
    for group in groups(assessment, telling, rows):
        best = [(row, _best(assessment, rows.get(row.identity, ()))) for row in group]
        # The others join the longest way; of several as long, the worst's.
        best.sort(key=lambda pair: -_length(assessment, pair[1]))
        found = [
            (row, assessment.paths[path_id] if path_id and at <= _MOST_MEMBERS else ())
            for at, (row, path_id) in enumerate(best)
        ]
        of, made = _card(assessment, naming, found, rows, graph_page, late=len(shown) >= _PRINTED)
        weight += made.weight
        if shown and (weight > _WEIGHT or len(shown) >= _MOST_CARDS):
            break
        shown.append(replace(made, evidence=budget.evidence(ends(found[0][1]))))
        told += len(group)
        for at, (row, _) in enumerate(found):
            named = at <= _MOST_MEMBERS
            places[row.identity, ""] = card_id(row.identity) if named else made.anchor
            for target, number in of.of.items():
                places[row.identity, target] = f"{made.anchor}-{number}"
    return Cards(tuple(shown), told, len(telling) - told, places, rows)


def _tells(row: IdentityRow) -> bool:
    return row.verdict != "neither" or bool(row.soc2_outside or row.gaps or row.weaknesses)


def _card(
    assessment: Assessment,
    naming: Naming,
    group: Sequence[tuple[IdentityRow, Sequence[PathStep]]],
    rows: Telling,
    graph_page: str,
    *,
    late: bool,
) -> tuple[Lines, Card]:
    """The card of some identities that are alike, and the lines of the first of them."""
    row, path = group[0]
    ranked = rows.get(row.identity, ())
    beside = assessment.alternatives.get(path[0].path_id, ()) if path else ()
    told = () if row.exposure != "undetermined" else undecided(assessment, path)
    worst = next((one.target for one in ranked if one.target != ALL_OTHERS), "")
    worst = path[-1].target if path else worst
    sure = next((one.certainty for one in ranked if one.target == worst), "may")
    of = lines(assessment, naming, ranked, graph_page)
    name = clip(row.name, 96) if row.name else naming.name(row.identity)
    names = [naming.name(one.identity) for one, _ in group]
    return of, Card(
        key=row.identity,
        shown_key=short_key(row.identity),
        anchor=card_id(row.identity),
        name=name if len(group) == 1 else clip(stem(names), 96),
        first=name,
        count=len(group),
        kind=spaced(row.kind),
        owner=clip(row.owner, _TEXT),
        verdict=row.verdict,
        exposure=row.exposure,
        boundary=clip(row.boundary, _WORD),
        says=(*_says(row, ranked), *told),
        link=to_node(graph_page, row.identity),
        worst=naming.name(worst) if worst else "",
        way=way(assessment, naming, path, sure, graph_page),
        evidence=None,
        alternatives=alternative_ways(assessment, naming, path, beside, sure),
        lines=of.shown,
        more_lines=of.more,
        weaknesses=tuple(clip(word("weakness", one), _WORD) for one in row.weaknesses),
        gaps=tuple(_gap(assessment, naming, row, key) for key in row.gaps[:_MOST_GAPS]),
        more_gaps=max(0, len(row.gaps) - _MOST_GAPS),
        members=tuple(
            member(assessment, naming, one, path, own, graph_page)
            for one, own in group[1 : _MOST_MEMBERS + 1]
        ),
        late=late,
    )


def _best(assessment: Assessment, ranked: Sequence[VerdictRow]) -> str:
    """Id of the path that a card shows; empty where none is printed."""
    return next((id_ for one in ranked if (id_ := one.path_id) and id_ in assessment.paths), "")


def _length(assessment: Assessment, path_id: str) -> int:
    return len(steps_of(assessment.paths, path_id)) if path_id else 0


def _says(row: IdentityRow, rows: Sequence[VerdictRow]) -> tuple[str, ...]:
    """What an identity can do, sentence by sentence."""
    says = []
    books, trust = certainty.on_books(row, rows), certainty.on_trust(row, rows)
    if row.soc1 == "direct":
        says.append(f"{_capital(books)} change the books directly.")
    elif row.soc1 == "indirect":
        resting = "what the books rest on: the tool of a control, or an audit trail"
        says.append(f"{_capital(books)} weaken {resting}.")
    elif row.soc1 == "undetermined":
        says.append("Whether it can change the books could not be decided.")
    promised = [word("category", letter) for letter in row.soc2 if letter != "undetermined"]
    if promised:
        says.append(f"{_capital(trust)} break a promise of {_and(promised)}.")
    elif row.soc2:
        says.append("Whether it can break a promise of trust could not be decided.")
    if row.soc2_outside:
        outside = _and([word("category", letter) for letter in row.soc2_outside])
        says.append(f"Also touches {outside}, which nobody was promised.")
    if row.verdict == "neither":
        says.append(
            "No path that changes the books or breaks a promise was found in the inputs listed "
            "under Coverage."
        )
    else:
        meaning = words()["exposure_meaning"].get(row.exposure, row.exposure)
        says.append(f"{_capital(word('exposure', row.exposure))}: {meaning}.")
    if row.soc1 != "none" and row.icfr_basis:
        says.append(f"{_capital(word('icfr_basis', row.icfr_basis))}.")
    return tuple(says)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _and(items: Sequence[str]) -> str:
    lower = [item.lower() for item in items]
    return lower[0] if len(lower) == 1 else f"{', '.join(lower[:-1])} and {lower[-1]}"


def _gap(assessment: Assessment, naming: Naming, row: IdentityRow, key: str) -> tuple[str, str]:
    reasons = assessment.gap_reasons.get(key, ())
    at = "at itself" if key == row.identity else naming.name(key)
    return at, clip("; ".join(reasons), _TEXT) or "reason not recorded"
