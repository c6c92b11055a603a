"""For Neo4j Browser: colours, favourites, and a guide from the answer to the evidence.

What Browser 5.24 takes, tried in it: GraSS by dropping a file, favourites by dropping a zip, a
guide by ``:play`` of an address on ``localhost`` whose answer allows Browser's origin.
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Final

from nhigraph.output import page_file
from nhigraph.output.neo4j import words
from nhigraph.output.neo4j.words import COMPUTED, ENTITY, FAMILIES, LINKS, RECORDS, SNAPSHOT
from nhigraph.records import dataclass
from nhigraph.schema.kinds import EDGE_KINDS, NODE_KINDS
from nhigraph.schema.types import Effect, State

STYLE: Final = "nhigraph.grass"
FAVOURITES: Final = "nhigraph-favourites.zip"
GUIDE: Final = "nhigraph-guide.html"
_VARIABLE: Final = re.compile(r"--([\w-]+): (#[0-9a-fA-F]{3,6});")
#: Records that are drawn as something else than data.
_OF_RECORDS: Final = {"Gate": "gate", "Gap": "gap", "Finding": "both", "Question": "unsure"}
#: Records that say more by something else than what they are about.
_CAPTIONS: Final = {"Rotation": "'{rank}'"}
#: Rows that Browser asks for; it never sees what stands in later ones.
_ROWS: Final = 1_000
#: Lets Browser draw what an answer holds, and not every relationship between its nodes besides:
#: the setting that is called "Connect result nodes" there.
PLAINLY: Final = ":config {autoComplete: false}"
_OF_STATES: Final = {State.READ: "read"}
_COMMENT: Final = re.compile(r"^//.*\n", re.MULTILINE)
#: A date in a zip says nothing: the same content is the same bytes.
_DATE: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide of the guide.

    Attributes:
        title: Its heading.
        text: What to do, and what to look at.
        query: Text of a question to run, or a command of Browser.
    """

    title: str
    text: str
    query: str


def colours() -> dict[str, str]:
    """Colours of the pages by name: those on paper, as Browser's canvas is light."""
    found: dict[str, str] = {}
    for name in ("theme.css", "graph.css"):
        for variable, colour in _VARIABLE.findall(page_file(name)):
            found.setdefault(variable, colour)
    return found


def style(group: Callable[[str, str], str], strokes: Mapping[Effect, str]) -> str:
    """The GraSS sheet.

    Later rules win, and a label without a rule is given one by Browser, at the end, which then
    wins: every label stands here, ``Entity`` first, then families, then kinds.

    Args:
        group: Colour group of a kind and its family, as the pages have it.
        strokes: How an effect is drawn there.
    """
    paint = colours()
    plain = {"diameter": "65px", "border-width": "2px", "font-size": "10px"}
    lines = [_rule("node", {**plain, "caption": "'{name}'", **_fill(paint["data"])})]
    lines += [_rule(f"node.{ENTITY}", {"caption": "'{name}'"})]
    for family, label in FAMILIES.items():
        lines.append(_node(label, paint[group("", family.value)]))
    for label, kind in NODE_KINDS.items():
        lines.append(_node(label, paint[group(label, kind.family.value)]))
    for label in (words.RECORD, SNAPSHOT, words.LOAD, words.BATCH, *RECORDS):
        lines.append(_node(label, paint[_OF_RECORDS.get(label, "none")], _CAPTIONS.get(label)))
    thin = {"shaft-width": "1px", "font-size": "9px", "padding": "3px", "caption": "'<type>'"}
    lines.append(_rule("relationship", {**thin, "color": paint["hold"]}))
    for label, edge in EDGE_KINDS.items():
        lines.append(_line(label, paint[strokes[edge.effect]], "2px"))
    reads = words.REACH[State.READ]
    for label in COMPUTED:
        lines.append(_line(label, paint["read" if label == reads else "soc1"], "3px"))
    lines += [_line(label, paint["hold"], "1px") for label in LINKS]
    return "\n".join(lines)


def _fill(colour: str) -> dict[str, str]:
    return {"color": colour, "border-color": colour, "text-color-internal": "#ffffff"}


def _node(label: str, colour: str, caption: str | None = None) -> str:
    return _rule(f"node.{label}", {**_fill(colour), "caption": caption or "'{name}'"})


def _line(label: str, colour: str, width: str) -> str:
    said = {"color": colour, "shaft-width": width, "caption": "'<type>'"}
    return _rule(f"relationship.{label}", {**said, "text-color-external": colour})


def _rule(selector: str, said: Mapping[str, str]) -> str:
    body = "".join(f"  {name}: {value};\n" for name, value in said.items())
    return f"{selector} {{\n{body}}}\n"


def drawn(statement: str, columns: Sequence[str], picture: str) -> str:
    """A statement whose last row alone has the pictures, those of all rows.

    Browser's table is as high as what is in a row: with a picture in each, one row fills a screen.

    Args:
        statement: It returns the columns and the picture.
        columns: Names of the columns that a table can show.
        picture: Name of the other one.
    """
    inner = "\n".join(f"  {line}" for line in statement.splitlines())
    cells = ", ".join(f"rows[n][{at}] AS {name}" for at, name in enumerate(columns))
    return (
        f"CALL () {{\n{inner}\n}}\n"
        f"WITH collect([{', '.join(columns)}]) AS rows, collect({picture}) AS pictures\n"
        "UNWIND range(0, size(rows) - 1) AS n\n"
        f"RETURN {cells},\n"
        f"       CASE WHEN n IN [size(rows) - 1, {_ROWS - 1}] THEN pictures END AS {picture}\n"
    )


def favourites(queries: Iterable[tuple[str, str]]) -> bytes:
    """A zip of favourites, a folder for each topic.

    Args:
        queries: Topic and text of each; its first line, a comment, is what it is called.
    """
    packed = io.BytesIO()
    every = list(queries)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as found:
        # Without an entry of its own, Browser makes a folder once for each file in it.
        for topic in sorted({topic for topic, _ in every}):
            found.writestr(zipfile.ZipInfo(f"nhigraph {topic}/", _DATE), "")
        for number, (topic, text) in enumerate(every):
            name = f"nhigraph {topic}/{number:02}.cypher"
            found.writestr(zipfile.ZipInfo(name, _DATE), text)
    return packed.getvalue()


def parameters(given: Mapping[str, object]) -> str:
    """Browser's command that sets parameters; values are JSON, so no name can end one."""
    said = ", ".join(f"{name}: {json.dumps(value)}" for name, value in sorted(given.items()))
    return f":params {{{said}}}"


def guide(title: str, slides: Sequence[Slide]) -> str:
    """The guide, as HTML that Browser plays; a click puts a text into the editor."""
    body = "\n".join(_slide(one) for one in slides)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head>\n<body>\n"
        f'<article class="guide">\n<carousel class="deck container-fluid">\n{body}\n'
        "</carousel>\n</article>\n</body>\n</html>\n"
    )


def _slide(one: Slide) -> str:
    text = _COMMENT.sub("", one.query)
    code = f'<pre class="pre-scrollable code runnable">{escape(text)}</pre>' if text else ""
    return (
        '<slide class="row-fluid"><div class="col-sm-12">'
        f"<h3>{escape(one.title)}</h3><p>{escape(one.text)}</p>{code}</div></slide>"
    )
