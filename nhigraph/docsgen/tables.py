"""The page of tables: every column of every row, with the sentence that its row says of it."""

from typing import Final

from nhigraph.docsgen.docstrings import attributes
from nhigraph.docsgen.markdown import code, page, plain, section, table
from nhigraph.docsgen.rows import ANSWERS, FILES
from nhigraph.output import columns

#: Columns that mean the same in every row that does not say otherwise.
COMMON: Final = {
    "accepted": "Records that became facts.",
    "accepts": "Patterns of the files that it looks at.",
    "answer": "See [which](commands.md#which).",
    "answers": "Labels of its answers.",
    "artifact": "Document that says so.",
    "assertions": "Assertions at risk; see [verdicts](verdicts.md#assertions).",
    "blind_spots": "What it cannot see.",
    "boundary": "in, carve_out, inclusive or outside; see [scope](scope.md).",
    "certainty": "can or may; see [verdicts](verdicts.md#certainty).",
    "content_bound": "Whether what was decided on is what happens.",
    "controls": "Identifiers of controls.",
    "created": "Day on which it was made.",
    "edge_kind": "Kind of the edge.",
    "emits": "Kinds of nodes and edges that it may say.",
    "enforced_by_target": "Whether the target enforces it.",
    "environment": "Environment it belongs to.",
    "expires": "Last day on which it counts.",
    "exposure": "What stands in the way; see [verdicts](verdicts.md#exposure).",
    "field": "What is said.",
    "gaps": "Keys of the nodes whose gaps are reached.",
    "gate": "Control that stands on the step; empty for none.",
    "human": "Whether a person decides: yes, no, not told, or empty where nobody asks.",
    "icfr_basis": "Whose books; see [verdicts](verdicts.md#icfr_basis).",
    "identity": "Key of the identity.",
    "key": "Its key.",
    "kind": "Its kind.",
    "last_used": "Day of its last known use.",
    "log_out_of_reach": "Whether nobody it controls can change the log of decisions.",
    "merged": "Records that said what another one had said.",
    "name": "What people call it; may be empty.",
    "no_auto_threshold": "Whether nothing passes undecided below a threshold.",
    "out_of_reach": "Whether nobody it controls can switch it off.",
    "owner": "Who owns it, as far as is told.",
    "package": "Package that brings it; empty for nhigraph's own.",
    "path_id": "Path of `paths.csv`; the same in every run for the same path.",
    "pointer": "Place in the document.",
    "problem": "What is wrong with it; empty for nothing.",
    "quarantined": "Records that were refused.",
    "reasons": "Why there is a gap, for each of `gaps`.",
    "records": "Records read: accepted, merged and quarantined.",
    "restorable": "Whether what is lost can be brought back.",
    "rotated": "Day on which its value was last changed.",
    "rules": "Rules that made the row; see [verdicts](verdicts.md#rules).",
    "sha256": "Digest of the document.",
    "soc1": "See [verdicts](verdicts.md#soc1).",
    "soc2": "Committed categories that are affected, or `undetermined`.",
    "soc2_outside": "Affected categories that the scope does not commit to.",
    "source": "Source that read it.",
    "state": "active, disabled or deleted.",
    "states": "States held there, joined by `+`; see [kinds](kinds.md#states).",
    "status": "How far the reading came.",
    "step": "Number of the step, from 1.",
    "steps": "Steps of the path, without the last one into the target.",
    "target": "Key of the target; `*` for all without a row of their own.",
    "targets": "Keys of targets.",
    "tested": "Whether bringing it back was tried.",
    "title": "Name for people.",
    "value": "What it is.",
    "verdict": "See [verdicts](verdicts.md#verdict).",
    "version": "Version of the package.",
    "weaknesses": "See [weaknesses](weaknesses.md).",
}


def text() -> str:
    """The page."""
    answers: dict[type, list[str]] = {}
    for command, types in ANSWERS.items():
        for one in types:
            answers.setdefault(one, []).append(command)
    ours = {one for _, _, one in FILES}
    others = {one: names for one, names in answers.items() if one not in ours}
    return page(
        "Tables",
        "CSV is RFC 4180 with LF; lists join with `;`; a cell that a spreadsheet would run "
        "begins with `'`. Columns are added at the end and never renamed. JSON answers have "
        "the same columns as fields, lists as lists; see [schemas](../schema/README.md).",
        section("Files of an output folder", _files()),
        *(_told(name, f"One row is {what}.", one) for name, what, one in FILES),
        section("Rows of other answers"),
        *(
            _told(f"{one.__name__}", f"Of {code(*(f'nhigraph {name}' for name in names))}.", one)
            for one, names in others.items()
        ),
    )


def _files() -> str:
    rows = [(f"[{name}](#{name.replace('.', '')})", f"a row is {what}") for name, what, _ in FILES]
    more = [
        ("`report.html`", "the answer for people, in one file"),
        ("`graph.html`", "the printed paths as a picture to explore, in one file"),
        ("`coverage.json`", "what was read, skipped and not given, document by document"),
        ("`manifest.json`", "versions, the date, and digests of inputs, outputs and graph"),
        ("`graph/`", "the graph, for questions"),
    ]
    return table(("File", "Holds"), [*rows, *more])


def meanings(row: type) -> dict[str, str]:
    """Column to the sentence about it; empty where nobody says one."""
    told = attributes(row)
    return {
        column: plain(told.get(field) or COMMON.get(column, "")) for column, field in columns(row)
    }


def _told(title: str, intro: str, row: type) -> str:
    rows = [(code(column), said) for column, said in meanings(row).items()]
    return section(title, intro, table(("Column", "Means"), rows))
