"""Coverage as rows and lines for people."""

from collections.abc import Mapping
from typing import Any

from nhigraph.app.judged import Judged
from nhigraph.policy import forges
from nhigraph.records import dataclass

#: What is said of an export that no source reads: to put it beside the inputs is of no use.
_UNREADABLE = "no source of this version reads it, so that it is for a person to look at"


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """What became of one document; records = accepted + merged + quarantined."""

    artifact: str
    source: str
    status: str
    records: int
    accepted: int
    merged: int
    quarantined: int
    gaps: int
    problem: str


def document_rows(coverage: Mapping[str, Any]) -> list[DocumentRow]:
    """One row per document looked at."""
    rows = []
    for entry in coverage.get("artifacts", ()):
        problem = entry["problem"] or {"pointer": "", "reason": ""}
        rows.append(
            DocumentRow(
                entry["artifact"],
                entry["source"] or "",
                entry["status"],
                entry["records"],
                entry["accepted"],
                entry["merged"],
                entry["quarantined"],
                entry["gaps"]["count"],
                f"{problem['pointer']} {problem['reason']}".strip(),
            )
        )
    return rows


def open_questions(judged: Judged) -> list[str]:
    """Lines on what of the scope is lost, and on what is quarantined, unknown or absent."""
    lines = [issue.sentence for issue in judged.issues]
    for entry in judged.coverage.get("artifacts", ()):
        for name, title in (("skipped", "quarantined"), ("notes", "note")):
            lines += [
                f"{title}: {_place(entry['artifact'], line['pointer'])}: {line['reason']}"
                for line in entry[name]["listed"]
            ]
    graph = judged.estate.graph
    closed = judged.estate.closed
    for row, (node, reason) in enumerate(
        zip(graph.gaps["node"], graph.gaps["reason"], strict=True)
    ):
        what = "gap that an answer closes" if row in closed else "gap"
        lines.append(f"{what}: {graph.key_list[int(node)]}: {reason}")
    absent = judged.coverage.get("absent", ())
    lines += [not_supplied(entry) for entry in absent]
    # What was refused is refused again.
    commands = [str(one["command"]) for one in absent if one["command"] and not one.get("answer")]
    lines += [f"several of these at once: {command}" for command in forges.at_once(commands)]
    return lines


def beside_documents(judged: Judged) -> dict[str, object]:
    """What the rows of documents do not say, for machines: as ``coverage.json`` has it.

    ``scope`` are sentences; ``quarantined`` and ``notes`` have ``artifact``, ``pointer`` and
    ``reason``; ``gaps`` have ``node``, ``reason`` and whether an answer closes them (``closed``);
    ``absent`` are exports that nobody supplied.
    """
    listed = {
        name: [
            {"artifact": entry["artifact"], **line}
            for entry in judged.coverage.get("artifacts", ())
            for line in entry[kept]["listed"]
        ]
        for name, kept in (("quarantined", "skipped"), ("notes", "notes"))
    }
    graph, closed = judged.estate.graph, judged.estate.closed
    pairs = zip(graph.gaps["node"], graph.gaps["reason"], strict=True)
    gaps = [
        {"node": graph.key_list[int(node)], "reason": reason, "closed": row in closed}
        for row, (node, reason) in enumerate(pairs)
    ]
    scope = [issue.sentence for issue in judged.issues]
    absent = list(judged.coverage.get("absent", ()))
    return {"scope": scope, **listed, "gaps": gaps, "absent": absent}


def _place(artifact: str, pointer: str) -> str:
    """A place in a document; what is said of the whole of it has no pointer."""
    return f"{artifact} {pointer}".rstrip()


def not_supplied(entry: Mapping[str, Any]) -> str:
    """One export that nobody supplied: what makes it, and what it would settle."""
    what = entry["title"] or entry["source"]
    said = "; ".join(entry[name] for name in ("answer", "command") if entry.get(name))
    how = "not permitted" if entry.get("answer") else "not supplied"
    told = f"{how}: {what}{f' ({said})' if said else ''}: would settle {entry['settles']}"
    return told if entry.get("readable", True) else f"{told}; {_UNREADABLE}"
