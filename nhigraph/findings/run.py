"""Finds the rules, asks each of them, and writes down what they say."""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from types import ModuleType

from nhigraph.assurance.found import FindingRow, Register, Untold
from nhigraph.findings.endings import Endings, Ends
from nhigraph.findings.fingerprint import fingerprint
from nhigraph.findings.rule import Hit, Rule, Unknown
from nhigraph.findings.seen import Seen
from nhigraph.findings.severity import SEVERITIES, severity
from nhigraph.trace.web import TooMuchWork


def rules_of(package: ModuleType) -> dict[str, Rule]:
    """The rules of a package by name: a module's ``RULE`` under the module's name."""
    found = {}
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
        if not module.name.startswith("_"):
            made = importlib.import_module(f"{package.__name__}.{module.name}")
            found[module.name] = made.RULE
    return found


def register(seen: Seen, rules: Mapping[str, Rule]) -> Register:
    """Everything that the rules say, the worst first.

    Args:
        seen: The assessment.
        rules: Rules by name.
    """
    hits: dict[str, tuple[FindingRow, list[Hit]]] = {}
    untold: dict[str, list[tuple[str, str]]] = {}
    keys = seen.graph.key_list
    for name, rule in sorted(rules.items()):
        unknown: dict[tuple[int, str], None] = {}
        for one in rule.find(seen):
            if isinstance(one, Unknown):
                unknown[one.subject, one.reason] = None
            else:
                row = _row(seen, name, rule, one)
                hits.setdefault(row.fingerprint, (row, []))[1].append(one)
        if unknown:  # nodes are numbered by their keys
            untold[name] = [(keys[node], reason) for node, reason in sorted(unknown)]
    together = (_together(row, grounds) for row, grounds in hits.values())
    ordered = sorted(together, key=lambda found: _badness(found[0]))
    rows, uncut = _with_ends(seen, ordered)
    return Register(tuple(rows), Untold(untold), tuple(sorted(rules)), uncut)


def _badness(row: FindingRow) -> tuple[int, str, str, str]:
    return SEVERITIES.index(row.severity), row.rule, row.subject, row.target


def _together(row: FindingRow, grounds: Sequence[Hit]) -> tuple[FindingRow, Sequence[Hit]]:
    """A finding with all that its rule says of it, the ways first."""
    more = dict.fromkeys(one.says for one in grounds[1:] if one.says)
    told = "; ".join((row.title, *(says for says in more if not row.title.endswith(says))))
    return replace(row, title=told), grounds


def _row(seen: Seen, name: str, rule: Rule, hit: Hit) -> FindingRow:
    subject, target = seen.key(hit.subject), hit.row.target if hit.row and not hit.apart else ""
    place = seen.graph.evidence_of("node", hit.subject)[0]
    return FindingRow(
        fingerprint(name, subject, target),
        name,
        severity(hit.row, hidden=hit.row is None and seen.hidden(hit.subject)),
        subject,
        target,
        f"{rule.title}: {hit.says}" if hit.says else rule.title,
        rule.maps.where(hit.conditions),
        seen.owner(hit.subject),
        (),
        place.artifact,
        place.pointer,
    )


def _with_ends(
    seen: Seen, found: Sequence[tuple[FindingRow, Sequence[Hit]]]
) -> tuple[Iterable[FindingRow], int]:
    """The rows with the edges whose removal ends them, and how many were not looked for.

    What shows an effect is the first of these edges. A finding that stands on several grounds is
    there until each of them is gone.
    """
    endings = Endings(seen.analysis)
    rows, uncut = [], 0
    for row, grounds in found:
        try:
            edges = _ending(endings, [hit.ends for hit in grounds])
        except TooMuchWork:
            edges, uncut = (), uncut + 1
        rows.append(_ended(seen, endings, row, edges) if edges else row)
    return rows, uncut


def _ending(endings: Endings, grounds: Sequence[Ends | None]) -> tuple[int, ...]:
    """Edges that end every ground; none where one of them is ended by no edge."""
    asked = [ends for ends in grounds if ends is not None]
    ended = [ends(endings) for ends in asked] if len(asked) == len(grounds) else []
    return tuple(sorted(set(chain.from_iterable(ended)))) if all(ended) else ()


def _ended(seen: Seen, endings: Endings, row: FindingRow, edges: Sequence[int]) -> FindingRow:
    place = seen.graph.evidence_of("edge", edges[0])[0]
    told = endings.places(edges)
    return replace(row, cut_edge=told, artifact=place.artifact, pointer=place.pointer)
