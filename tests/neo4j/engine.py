"""What the engine answers to questions of the library: the same rows, without a server."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.rows import Assessment, VerdictRow
from nhigraph.output.neo4j.content import Content
from nhigraph.schema import kinds
from nhigraph.schema.types import Family

Row = dict[str, Any]
Answer = Callable[[Content, Mapping[str, Any]], list[Row]]
_EFFECTS: Final = {"CONTROL", "ALTER", "OMIT"}


def _held(row: VerdictRow) -> set[str]:
    return set(row.states.split("+")) - {""}


def _targets(assessment: Assessment, family: str) -> set[str]:
    return {one.key for one in assessment.targets if one.family == family and not one.dead}


def _who(state: str) -> Answer:
    def answer(content: Content, given: Mapping[str, Any]) -> list[Row]:
        target = given["target"]
        return [
            {"identity": row.identity, "verdict": row.verdict, "known": bool(row.states)}
            for row in content.assessment.verdicts
            if row.target == target and (state in _held(row) or not row.states)
        ]

    return answer


def _every(content: Content, given: Mapping[str, Any]) -> list[Row]:
    names = ("identity", "target", "states", "verdict", "soc1", "exposure", "certainty", "steps")
    return [
        {name: getattr(row, name) for name in names} | {"soc2": list(row.soc2)}
        for row in content.assessment.verdicts
    ]


def _identities(content: Content, given: Mapping[str, Any]) -> list[Row]:
    return [
        {"identity": row.identity, "verdict": row.verdict, "soc1": row.soc1,
         "soc2": list(row.soc2), "exposure": row.exposure, "weaknesses": list(row.weaknesses)}
        for row in content.assessment.identities
    ]  # fmt: skip


def _open_ways(content: Content, given: Mapping[str, Any]) -> list[Row]:
    books = _targets(content.assessment, "financial-reporting")
    found: dict[str, set[str]] = {}
    for row in content.assessment.verdicts:
        open_ = row.soc1 == "direct" and row.exposure == "open"
        if row.target in books and open_ and _held(row) & _EFFECTS:
            found.setdefault(row.identity, set()).add(row.target)
    return [{"identity": key, "targets": sorted(targets)} for key, targets in found.items()]


def _both(content: Content, given: Mapping[str, Any]) -> list[Row]:
    assessment = content.assessment
    books = _targets(assessment, "financial-reporting")
    promises = _targets(assessment, "trust-service")
    found: dict[str, tuple[set[str], set[str]]] = {}
    for row in assessment.verdicts:
        held = _held(row)
        sides = found.setdefault(row.identity, (set(), set()))
        if row.target in books and row.soc1 in {"direct", "indirect"} and held - {"READ"}:
            sides[0].add(row.target)
        if row.target in promises and row.soc2 and held:
            sides[1].add(row.target)
    return [
        {"identity": key, "books": sorted(one), "promises": sorted(two)}
        for key, (one, two) in found.items()
        if one and two
    ]


def _undecided(content: Content, given: Mapping[str, Any]) -> list[Row]:
    return [
        {"identity": row.identity, "target": row.target, "gaps": list(row.gaps)}
        for row in content.assessment.verdicts
        if not row.states
    ]


def _population(content: Content, given: Mapping[str, Any]) -> list[Row]:
    names = ("key", "kind", "state", "artifact")
    return [{name: getattr(row, name) for name in names} for row in content.assessment.population]


def _gaps(content: Content, given: Mapping[str, Any]) -> list[Row]:
    estate = content.estate
    found = []
    for row in range(len(estate.graph.gaps)):
        key = estate.graph.key_list[estate.graph.gaps["node"].tolist()[row]]
        found.append(
            {
                "node": key,
                "reason": estate.graph.gaps["reason"].iat[row],
                "identities": sorted(
                    one.identity for one in content.assessment.identities if key in one.gaps
                ),
            }
        )
    return found


def _table(rows: str, *names: str) -> Answer:
    def answer(content: Content, given: Mapping[str, Any]) -> list[Row]:
        found: Any = content.assessment
        for part in rows.split("."):
            found = getattr(found, part)
        return [{name: _plain(getattr(row, name)) for name in names} for row in found]

    return answer


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _cut(content: Content, given: Mapping[str, Any]) -> list[Row]:
    return [
        {"rank": row.rank, "source": row.source, "kind": row.edge_kind,
         "destination": row.destination, "statement": row.statement}
        for row in content.assessment.cuts.rows
        if given["target"] in row.target.split(";")
    ]  # fmt: skip


def _points(content: Content, given: Mapping[str, Any]) -> list[Row]:
    return [
        {"target": row.target, "point": row.point, "source": row.source,
         "destination": row.destination, "identities": row.identities}
        for row in content.assessment.cuts.points
    ]  # fmt: skip


def _split(content: Content, given: Mapping[str, Any]) -> list[Row]:
    return [
        {"subject": row.subject, "owners": list(row.split_owners)}
        for row in content.assessment.which
        if row.split_owners
    ]


def _controls(content: Content, given: Mapping[str, Any]) -> list[Row]:
    told = {row.gate: row for row in content.assessment.controls}
    graph = content.estate.graph
    return [
        {"gate": key, "identities": told[key].identities if key in told else 0,
         "targets": list(told[key].targets) if key in told else []}
        for key in {*graph.named_gates, *graph.gate_records, *told}
    ]  # fmt: skip


def _downstream(content: Content, given: Mapping[str, Any]) -> list[Row]:
    """Breadth first over the edges of the store: shares nothing with a pattern of Cypher."""
    kinds_ = {"FEEDS", "FILTERS", "COMPUTES", "SUPPORTS", "CONTAINS"}
    return _walked(content.estate, kinds_, given["node"], forwards=True)


def _upstream(content: Content, given: Mapping[str, Any]) -> list[Row]:
    kinds_ = {"FEEDS", "FILTERS", "COMPUTES", "SUPPORTS"}
    return _walked(content.estate, kinds_, given["target"], forwards=False)


def _walked(estate: Estate, labels: set[str], start: str, *, forwards: bool) -> list[Row]:
    graph, force = estate.graph, estate.in_force.tolist()
    steps: dict[str, set[str]] = {}
    rows = graph.edges[["kind", "src", "dst"]].itertuples(index=False, name=None)
    for number, (kind, source, target) in enumerate(rows):
        if kind in labels and force[number]:
            ends = (graph.key_list[source], graph.key_list[target])
            one, two = ends if forwards else ends[::-1]
            steps.setdefault(one, set()).add(two)
    seen, todo = {start}, [start]
    while todo:
        for key in steps.get(todo.pop(), ()):
            if key not in seen:
                seen.add(key)
                todo.append(key)
    return [{"node": key} for key in seen - {start}]


def _without_owner(content: Content, given: Mapping[str, Any]) -> list[Row]:
    estate, graph = content.estate, content.estate.graph
    return [
        {"identity": graph.key_list[node]}
        for node in estate.identities
        if estate.alive[node]
        and (
            not graph.nodes["owner"].iat[node]
            or graph.props(node).get("owner_status") in {"left", "none"}
        )
    ]


def _ageless(content: Content, given: Mapping[str, Any]) -> list[Row]:
    graph = content.estate.graph
    labels = {k.label for k in kinds.NODE_KINDS.values() if k.family is Family.CREDENTIAL}
    return [
        {"credential": key}
        for node, key in enumerate(graph.key_list)
        if labels.intersection(graph.kinds(node))
        and not {"created", "rotated"}.intersection(graph.props(node))
    ]


#: Question to what answers it; rows are compared in the columns that are there, in any order.
ANSWERS: Final[dict[str, Answer]] = {
    "reach/who-can-alter": _who("ALTER"),
    "reach/who-can-make-rows-go-missing": _who("OMIT"),
    "reach/who-can-read": _who("READ"),
    "reach/who-can-stop": _who("HALT"),
    "reach/who-controls": _who("CONTROL"),
    "reach/every-answer": _every,
    "reach/verdict-of-each-identity": _identities,
    "reach/open-ways-to-the-books": _open_ways,
    "reach/finance-and-security": _both,
    "coverage/undecided": _undecided,
    "coverage/gaps": _gaps,
    "controls/carry-everything": _controls,
    "identities/population": _population,
    "identities/without-owner": _without_owner,
    "credentials/most-harmful": _table("rotation.rows", "rank", "credential", "soc1", "opens"),
    "credentials/nobody-says-when": _ageless,
    "fix/rotate-first": _table("rotation.rows", "rank", "credential", "age_days", "breaks"),
    "fix/settle-first": _table("questions", "rank", "question", "identities", "rows"),
    "fix/smallest-cut": _cut,
    "fix/choke-points": _points,
    "reports/which-report": _table("which", "subject", "kind", "answer", "soc1", "relied_on_by"),
    "reports/split-ownership": _split,
    "reports/findings": _table("findings.rows", "severity", "rule", "subject", "target", "title"),
    "explore/what-relies-on": _downstream,
    "explore/where-it-comes-from": _upstream,
}
