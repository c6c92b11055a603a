"""One writer per output form.

Writers do not know each other; what every one of them needs is here: the columns of a row, text
that cannot deceive its reader, and the frame of a page that asks nobody for anything.
"""

import hashlib
import json
import re
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from nhigraph.assurance.cut_rows import Changed, ChokeRow, CutRow, PointRow
from nhigraph.assurance.diff.rows import DiffRow
from nhigraph.assurance.question_rows import QuestionRow
from nhigraph.assurance.rotation_rows import RotationRow
from nhigraph.assurance.rows import Assessment, ControlRow, PathStep, Unread
from nhigraph.assurance.which_rows import WhichRow
from nhigraph.records import dataclass

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

# --- columns -----------------------------------------------------------------------------------

#: Fields that are for people only and therefore no columns.
_NOT_COLUMNS: dict[type, set[str]] = {
    PathStep: {"line", "action", "needs", "places"},
    CutRow: {"line"},
    ChokeRow: {"opens"},
    ControlRow: {"resting"},
    DiffRow: {"line", "worse", "was", "now", "part", "brought"},
    QuestionRow: {"proposals", "named"},
    WhichRow: {"exposure", "assertions", "weaknesses", "active"},
    RotationRow: {"exposure", "certainty", "weaknesses", "gaps", "breaking", "nearest", "reason"},
}
#: Field names that Python reserves, and the column they are.
_RENAMED: dict[type, dict[str, str]] = {
    PathStep: {"source": "from", "target": "to"},
    CutRow: {"source": "from", "destination": "to"},
    PointRow: {"source": "from", "destination": "to"},
}


#: Fields that are the last columns, also of rows that have more than these.
_LAST: dict[type, set[str]] = {PathStep: {"alternative"}}


@cache
def columns(row: type) -> tuple[tuple[str, str], ...]:
    """Column and field name of every column of a row's type, in the order of FORMATS."""
    hidden = {name for base in row.__mro__ for name in _NOT_COLUMNS.get(base, ())}
    renamed = {old: new for base in row.__mro__ for old, new in _RENAMED.get(base, {}).items()}
    last = {name for base in row.__mro__ for name in _LAST.get(base, ())}
    named = [field.name for field in fields(row) if field.name not in hidden]
    named.sort(key=lambda name: name in last)
    return tuple((renamed.get(name, name), name) for name in named)


# --- text --------------------------------------------------------------------------------------


#: Control, format (bidirectional overrides, zero-width), surrogate, private, unassigned, and the
#: two separators that some readers take for line ends.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def printable(text: str) -> str:
    r"""The text with every character that is not seen, or that moves others, spelt out.

    A name such as ``gl\u202egnp`` or one with a terminal's escape sequence then looks like what
    it is, in a terminal and on a page alike.
    """
    return _spelt_out(text, _spelt)


def escaped(text: str) -> str:
    """The same of a line of JSON, in JSON's own escapes: what is read back is what it was."""
    return _spelt_out(text, lambda char: json.dumps(char)[1:-1])


def _spelt_out(text: str, spelt: Callable[[str], str]) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(spelt(char) if unicodedata.category(char) in _HIDDEN else char for char in text)


def _spelt(char: str) -> str:
    point = ord(char)
    if point < 0x100:  # noqa: PLR2004 - where Python's own spelling changes width, too
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"  # noqa: PLR2004 - as above


def clip(text: str, limit: int) -> str:
    """The text, or its beginning and its end where it is longer than a reader would follow."""
    if len(text) <= limit:
        return text
    tail = limit // 3
    return f"{text[: limit - tail - 1]}…{text[-tail:]} ({len(text):,} characters)"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: ``1 gap``, ``2 gaps``, ``2 identities``."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def lost(unread: Unread) -> str:
    """What could not be read, with its verb; empty where nothing was lost.

    ``1 document was not read whole and 2 records were refused``. It stands wherever a reader is
    told that nothing was found.
    """
    parts = [
        f"{counted(number, noun)} {'was' if number == 1 else 'were'} {fate}"
        for number, noun, fate in (
            (unread.documents, "document", "not read whole"),
            (unread.records, "record", "refused"),
        )
        if number
    ]
    return " and ".join(parts)


# --- words -------------------------------------------------------------------------------------

#: A name longer than this loses its middle; the whole of it stands in the CSV files.
NAME = 96
_HUMP = re.compile(r"OAuth|[A-Z]+(?![a-z])|[A-Z]?[^A-Z]+")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_ABBREVIATIONS = {"Ai", "Api", "Ci", "Mcp"}


@lru_cache(maxsize=1024)
def spaced(kind: str) -> str:
    """``KubernetesServiceAccount`` as ``Kubernetes service account``, ``CiJob`` as ``CI job``."""
    parts = _HUMP.findall(kind[:NAME])
    return " ".join(
        part.upper()
        if part in _ABBREVIATIONS
        else part
        if first or part.isupper() or part == "OAuth"
        else part.lower()
        for part, first in zip(parts, (True, *[False] * len(parts)), strict=False)
    )


def small(kind: str) -> str:
    """A kind's name inside a sentence: ``database role``, but ``CI job`` and ``Kubernetes …``."""
    first = kind.partition(" ")[0]
    proper = first == "Kubernetes" or not first[1:].islower()
    return kind if proper else kind[:1].lower() + kind[1:]


def day(iso: str) -> str:
    """``2026-11-23`` as ``23 November 2026``, in no locale; other text as it is."""
    try:
        when = date.fromisoformat(iso)
    except ValueError:
        return clip(iso, NAME)
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


# --- questions -------------------------------------------------------------------------------


def line(answer: Mapping[str, Any]) -> str:
    """One answer as a line of YAML, in its own order."""
    import yaml  # noqa: PLC0415 - late: help stays instant

    text = yaml.safe_dump(
        dict(answer), default_flow_style=True, sort_keys=False, width=10**9, allow_unicode=True
    )
    return text.strip().removesuffix("...").strip()


def lines(row: QuestionRow) -> list[str]:
    """Everything that may be pasted under ``answers``, the first proposal first.

    Where a proposal takes several lines, a comment says which stand together.
    """
    several = any(len(one.scope["answers"]) > 1 for one in row.proposals)
    return [
        said
        for one in row.proposals
        for said in (
            *((f"# {one.label}",) if several else ()),
            *(f"- {line(answer)}" for answer in one.scope["answers"]),
        )
    ]


def instead(row: QuestionRow) -> str:
    """What the first line may say in another place: where ``KEY`` stands for what only one knows.

    Empty where nothing takes a key.
    """
    if not row.named or not row.proposals:
        return ""
    first: Mapping[str, Any] = row.proposals[0].scope["answers"][0]
    here, there = (
        {name: value for name, value in one.items() if other.get(name) != value}
        for one, other in ((row.named, first), (first, row.named))
    )
    return f"{_fields(here)} in place of {_fields(there)}"


def _fields(some: Mapping[str, Any]) -> str:
    return line(some).removeprefix("{").removesuffix("}")


def settles(row: QuestionRow) -> str:
    """What a question settles together with all above it, in words."""
    parts = []
    if row.identities:
        parts.append(f"decides {counted(row.identities, 'identity', 'identities')}")
    if row.rows:
        parts.append(f"settles {counted(row.rows, 'exposure')}")
    return ", ".join(parts) or "decides nobody by itself"


# --- answers that change ----------------------------------------------------------------------

#: Lines that a page says of them, and names on one.
_LINES, _WHO = 8, 3


def changes_said(changed: Iterable[Changed], name: Callable[[str], str]) -> list[str]:
    """Answers that change, those alike as one line: target, before, after, and who.

    Args:
        changed: They.
        name: Name of a node, or of a target.
    """
    alike: dict[tuple[str, str, str], list[str]] = {}
    for one in changed:
        alike.setdefault((one.target, one.before, one.after), []).append(one.identity)
    ranked = sorted(alike.items(), key=lambda item: (-len(item[1]), item[0]))
    lines = [
        f"{'every other target' if target == '*' else name(target)}: {_answer(before)} → "
        f"{_answer(after)}: {_some([name(one) for one in who])}"
        for (target, before, after), who in ranked[:_LINES]
    ]
    left = sum(len(who) for _, who in ranked[_LINES:])
    return [*lines, f"and {counted(left, 'more answer')}"] if left else lines


def _answer(said: str) -> str:
    """Verdict and exposure in words."""
    verdict, _, exposure = said.partition(" ")
    if not exposure:
        return "no path found"
    told = words()
    return f"{told['verdict'][verdict]}, {told['exposure'][exposure]}"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _WHO} more" if names[_WHO:] else ""
    return f"{', '.join(names[:_WHO])}{more}"


# --- what made a page ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Made:
    """One line under a page: what it speaks of, what it says, and a digest or nothing."""

    term: str
    said: str
    digest: str = ""


def made(assessment: Assessment) -> tuple[Made, ...]:
    """What made a page and of what, so that it can be made again and compared."""
    by = assessment.provenance
    source = {"option": "as asked for", "scope": "as the scope says"}
    source |= {"extract": "the newest extract", "clock": "the day of the run"}
    when = source.get(assessment.as_of_source, clip(assessment.as_of_source, NAME))
    lines = [Made("As of", f"{day(assessment.as_of)}, {when}")]
    if not by.tool:
        return tuple(lines)
    with_ = "".join(f", with {name} {version}" for name, version in by.packages)
    lines.insert(0, Made("Made by", f"nhigraph {by.tool}, rule set {by.rules}{clip(with_, NAME)}"))
    lines += [Made("Scope", "SHA-256 of the file", digest) for digest in by.scope]
    listed = f"SHA-256 of the list of {counted(by.inputs, 'file')} that sha256sum prints"
    lines.append(Made("Inputs", listed, by.inputs_sha256))
    lines.append(Made("Graph", "SHA-256 of its cells, as in manifest.json", by.graph))
    return tuple(lines)


# --- pages -------------------------------------------------------------------------------------


def page_file(name: str) -> str:
    """Text of a file that pages are made of."""
    return files(__name__).joinpath("page", name).read_text(encoding="utf-8")


@cache
def words() -> dict[str, dict[str, str]]:
    """The words pages use for what rows say in codes; shared so that pages agree."""
    loaded: dict[str, dict[str, str]] = json.loads(page_file("words.json"))
    return loaded


# --- links between pages -----------------------------------------------------------------------

#: Hexadecimal digits that name a place: one more node, another order or another day moves no link.
#: Two of a million keys share a name in one of 500 estates.
_DIGITS = 12


def node_id(key: str) -> str:
    """Name of a node, as in ``graph.html#node=…``; it carries nothing of the key's text."""
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return digest[:_DIGITS]


def card_id(key: str) -> str:
    """Id of the card of an identity, as in ``report.html#…``."""
    return f"id-{node_id(key)}"


def to_node(page: str, key: str) -> str:
    """Link to a node of the drawing; empty where there is no drawing."""
    return f"{page}#node={node_id(key)}" if page else ""


def to_path(page: str, path_id: str) -> str:
    """Link to a path of the drawing; empty where there is no drawing, or no path."""
    return f"{page}#path={path_id}" if page and path_id else ""


# --- the frame of a page -----------------------------------------------------------------------


def security_policy(style: str, scripts: tuple[str, ...]) -> str:
    """Content of a policy under which a page runs only these texts and requests nothing."""
    script = " ".join(_digest(text) for text in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {script}; style-src {_digest(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def verbatim(text: str) -> "Markup":
    """Markup of text that is ours or escaped already: style, script, JSON by ``embedded``, SVG."""
    from markupsafe import Markup  # noqa: PLC0415 - late: help stays instant

    return Markup(text)  # noqa: S704 - the one place where text is taken as it is


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def page_environment() -> "Environment":
    """Templates in which no value reaches the page unescaped or unseen.

    Escaping is the environment's, not the template's: every printed value is made printable, then
    escaped, and a value that is missing is an error rather than an empty place.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415 - late: help stays instant
    from markupsafe import Markup  # noqa: PLC0415 - as above

    from nhigraph.templates import Compiled  # noqa: PLC0415 - as above

    def shown(value: object) -> object:
        return value if isinstance(value, Markup | int) else printable(str(value))

    environment = Environment(
        loader=FunctionLoader(page_file),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=Compiled(__file__),
    )
    environment.filters["thousands"] = lambda number: f"{number:,}"
    environment.filters["small"] = small
    return environment
