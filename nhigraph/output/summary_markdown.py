"""A summary in Markdown, as continuous integration shows it beside a run.

Names come from inputs: each is written so that no character of it can mean anything in Markdown
or HTML. "Entity and numeric character references are treated as literal text in code spans and
code blocks" and "cannot be used in place of symbols indicating structure"
(https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references, read
29 November 2026): so they stand outside code spans, between tags of their own.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from nhigraph.assurance.diff.rows import Differing, DiffRow
from nhigraph.assurance.rows import Assessment, IdentityRow
from nhigraph.output import clip, counted, lost, settles

#: Rows of one table; the files have them all.
_LISTED = 20
_QUESTIONS = 3
_LONGEST = 160
_PLAIN = re.compile(r"[A-Za-z0-9 ,;()/-]")
_RANK = ("direct", "indirect", "undetermined", "none")
_EXPOSURES = ("open", "undetermined", "relies_on_subservice", "gated", "in-population")


def render(
    answered: Assessment, sentence: str, read: int, differing: Differing | None = None
) -> str:
    """The summary of an assessment, and of what differs from an earlier one.

    Args:
        answered: The assessment.
        sentence: Its answer, as the report words it.
        read: How many documents were read.
        differing: What differs from the baseline, where there is one.
    """
    parts = [f"## {_text(sentence)}", "", _day(answered, read), ""]
    parts += _counts(answered.identities)
    if differing is not None:
        parts += _differences(differing)
    parts += _worst(answered.identities)
    parts += _open(answered)
    return "\n".join(parts) + "\n"


def _day(answered: Assessment, read: int) -> str:
    said = [f"As of {answered.as_of}", f"{counted(read, 'document')} read"]
    if answered.unread:
        said.append(lost(answered.unread))
    return f"{_text('; '.join(said))}."


def _counts(rows: Sequence[IdentityRow]) -> list[str]:
    verdicts = ("both", "soc1", "soc2", "undetermined", "neither")
    cells = Counter((row.verdict, row.exposure) for row in rows)
    shown = [one for one in _EXPOSURES if any(cells[verdict, one] for verdict in verdicts)]
    table = [
        [verdict, *(str(cells[verdict, one] or "") for one in shown)]
        for verdict in verdicts
        if any(cells[verdict, one] for one in shown)
    ]
    return _table(("verdict", *shown), table)


def _differences(differing: Differing) -> list[str]:
    verdicts = [row for row in differing.rows if row.what == "verdict"]
    worse = [row for row in verdicts if row.worse]
    lines = [f"### Against the baseline: {counted(len(worse), 'answer')} new or worse", ""]
    if not verdicts:
        return [*lines, "No answer differs.", ""]
    better = len(verdicts) - len(worse)
    if better:
        lines += [f"{counted(better, 'answer')} went away, or got better.", ""]
    return lines + _table(("identity", "target", "before", "now"), map(_change, worse))


def _change(row: DiffRow) -> list[str]:
    return [_code(row.subject), _code(row.target), _text(row.before or "-"), _text(row.after)]


def _worst(rows: Sequence[IdentityRow]) -> list[str]:
    reach = [row for row in rows if row.verdict not in {"neither", "undetermined"}]
    if not reach:
        return []
    reach.sort(key=lambda r: (_EXPOSURES.index(r.exposure), _RANK.index(r.soc1), r.identity))
    cells = [[_code(r.identity), r.soc1, " ".join(r.soc2), r.exposure, _targets(r)] for r in reach]
    return [
        "### Who reaches what",
        "",
        *_table(("identity", "soc1", "soc2", "", "targets"), cells),
    ]


def _targets(row: IdentityRow) -> str:
    more = f" and {len(row.targets) - _QUESTIONS} more" if len(row.targets) > _QUESTIONS else ""
    return ", ".join(map(_code, row.targets[:_QUESTIONS])) + more


def _open(answered: Assessment) -> list[str]:
    if not answered.questions:
        return []
    asked = [
        f"{row.rank}. {_text(row.question)} ({_text(settles(row))})"
        for row in answered.questions[:_QUESTIONS]
    ]
    return ["### Settle these first", "", *asked, ""]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Cells are Markdown already."""
    every = [*rows]
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    lines += [f"| {' | '.join(row)} |" for row in every[:_LISTED]]
    if len(every) > _LISTED:
        lines += ["", f"and {len(every) - _LISTED} more"]
    return [*lines, ""] if every else []


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>" if text else ""


def _text(text: str) -> str:
    """Text of which every character is only itself."""
    return "".join(c if _PLAIN.match(c) else f"&#{ord(c)};" for c in clip(text, _LONGEST * 4))
