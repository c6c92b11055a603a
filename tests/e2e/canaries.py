"""Canaries: values that stand for a secret, planted one a field and looked for in every output.

Documents are written with the word CANARY for a value. Planting gives each its own number, so
that one that is found names the field it came from.
"""

import io
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import yaml
from pyarrow import csv, parquet

_MARK = "CANARY-not-a-secret-"
#: Short, in any case: a value may be cut off, and some outputs fold names.
_FOUND = re.compile(rb"canary.?not.?a.?s(?:ecret.?(\d{4,5}))?", re.IGNORECASE)
_TOKEN = re.compile(r"CANARY(?:_(PERCENT|BASE64))?")
#: Most places of one document that get a value of the wrong type, one document each.
_PLACES = 8
#: The number of a canary that was cut off before its number.
CUT_OFF = 0


def value(number: int) -> str:
    """A canary as it is planted."""
    return f"{_MARK}{number:04}"


_SPELT: dict[str | None, Callable[[str], str]] = {
    None: str,
    "PERCENT": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "BASE64": lambda text: b64encode(f"loader:{text}".encode()).decode(),
}


@dataclass(frozen=True)
class Input:
    """A document before it is planted; a broken one says how."""

    source: str
    name: str
    text: str
    broken: str = ""


@dataclass(frozen=True)
class Field:
    """Where a canary stands."""

    source: str
    broken: str
    place: str


@dataclass
class Planted:
    """Writes documents into a folder; ``fields`` tells what stands where, by number."""

    folder: Path
    fields: dict[int, Field] = field(default_factory=dict)
    written: list[Input] = field(default_factory=list)

    def write(self, given: Input) -> None:
        """Give every canary of a document its number, and write it."""
        lines = given.text.splitlines(keepends=True)
        text = "".join(self._line(given, number, line) for number, line in enumerate(lines, 1))
        path = self.folder / given.name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".parquet":
            parquet.write_table(csv.read_csv(io.BytesIO(text.encode())), path)
        else:
            path.write_text(text, encoding="utf-8")
        self.written.append(given)

    def _line(self, given: Input, number: int, line: str) -> str:
        def planted(token: re.Match[str]) -> str:
            new = len(self.fields) + 1
            name = given.name.removeprefix(f"broken/{given.broken}/")
            at = name if given.broken else f"{name}:{number}"
            place = f"{at}: {' '.join(line.split())[:120]}"
            self.fields[new] = Field(given.source, given.broken, place)
            return _SPELT[token[1]](value(new))

        return _TOKEN.sub(planted, line)


# --- looking for them --------------------------------------------------------------------------


def found(data: bytes) -> set[int]:
    """Numbers of the canaries in an output, however they are written there.

    As they are, in either case, cut off, percent-encoded once or twice, escaped as in JSON or a
    page, in base64 or in hexadecimal.
    """
    once = unquote_to_bytes(data) if b"%" in data else data
    twice = unquote_to_bytes(once) if b"%" in once else once
    plain = re.sub(rb"\\u00([0-7][0-9a-fA-F])|&#(\d+);", _unescaped, data)
    numbers: set[int] = set()
    for text in {data, once, twice, plain, *_base64(data), *_hexadecimal(data)}:
        numbers |= {int(match[1] or CUT_OFF) for match in _FOUND.finditer(text)}
    return numbers


def _unescaped(match: re.Match[bytes]) -> bytes:
    number = int(match[1], 16) if match[1] else int(match[2])
    return bytes([number]) if number < 128 else match[0]


def _base64(data: bytes) -> Iterator[bytes]:
    """What lies around every text that only a canary in base64 can be."""
    standard = data.replace(b"-", b"+").replace(b"_", b"/")
    for shift in range(3):
        whole = b64encode(b"x" * shift + _MARK.encode()).rstrip(b"=")
        start = (8 * shift + 5) // 6
        stop = 8 * (shift + len(_MARK)) // 6
        for match in re.finditer(re.escape(whole[start:stop]), standard):
            tail = re.match(rb"[A-Za-z0-9+/]*", standard[match.start() :])
            assert tail is not None
            run = whole[:start] + tail[0]
            # Whatever cannot fill a byte any more is no part of the number.
            yield b64decode(run + b"A" * (-len(run) % 4))


def _hexadecimal(data: bytes) -> Iterator[bytes]:
    for match in re.finditer(_MARK.encode().hex().encode() + rb"(?:[0-9a-f]{2})*", data.lower()):
        yield bytes.fromhex(match[0].decode())


def content(path: Path) -> bytes:
    """Bytes of a file; of a Parquet file also its cells, which are compressed in there."""
    data = path.read_bytes()
    if path.suffix == ".parquet":
        table = parquet.read_table(path)
        cells = [str(cell) for column in table.columns for cell in column.to_pylist()]
        data += "\n".join((*map(str, table.column_names), *cells)).encode()
        data += str(table.schema.metadata).encode()
    return data


# --- broken forms ------------------------------------------------------------------------------


def broken(given: Input) -> Iterator[Input]:
    """The document truncated, with a line twice, badly indented, and with wrong types."""
    lines = given.text.splitlines(keepends=True)
    planted = [number for number, line in enumerate(lines) if "CANARY" in line]
    middle = planted[len(planted) // 2]
    before, line, after = "".join(lines[:middle]), lines[middle], "".join(lines[middle + 1 :])
    end = line.rindex("CANARY") + len("CANARY")
    yield _variant(given, "truncated", before + line[:end])
    comma = "," if given.name.endswith(".json") else ""
    twice = line.rstrip().removesuffix(",") + f"{comma}\n" + line
    yield _variant(given, "twice", before + twice + after)
    if given.name.endswith((".yml", ".yaml")):
        yield _variant(given, "less-indent", before + line[1:] + after)
        yield _variant(given, "more-indent", before + "     " + line + after)
        yield _variant(given, "tab", before + "\t" + line + after)
    if given.name.endswith((".yml", ".yaml", ".json")):
        yield from _wrong_types(given)


def _variant(given: Input, how: str, text: str) -> Input:
    return replace(given, name=f"broken/{how}/{given.name}", text=text, broken=how)


def _parsed(given: Input) -> Any:  # noqa: ANN401 - a document
    if given.name.endswith(".json"):
        return json.loads(given.text)
    return [*yaml.load_all(given.text, yaml.BaseLoader)][-1]


def _beside(inner: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Places of, and right beside, everything that leads to a canary."""
    if isinstance(inner, dict | list) and "CANARY" in json.dumps(inner):
        for key, value_ in inner.items() if isinstance(inner, dict) else enumerate(inner):
            yield (*at, key)
            yield from _beside(value_, (*at, key))


def _wrong_types(given: Input) -> Iterator[Input]:
    places = list(_beside(_parsed(given)))
    step = max(1, len(places) // _PLACES)
    for number, place in enumerate(places[::step]):
        document = _parsed(given)
        holder = document
        for part in place[:-1]:
            holder = holder[part]
        inner = holder[place[-1]]
        holder[place[-1]] = {"other": inner} if isinstance(inner, list) else [inner]
        # JSON is YAML, and says the same under either suffix.
        yield _variant(given, f"type-{number}", json.dumps(document, indent=1))


#: What people do to a password in YAML, so that it is no text any more, or no value.
_SLIPS = (
    "password: *CANARY",
    "password: &CANARY",
    "password: !CANARY",
    "password: @CANARY",
    "password: %CANARY",
    "password: `CANARY`",
    "password: {CANARY",
    "password: [CANARY",
    "password: |CANARY",
    "password: 'CANARY",
    'password: "\\qCANARY"',
    "password: CANARY: x",
    "password: CANARY\n  token: CANARY",
    "password:\n- CANARY\n-CANARY",
    "password: CANARY\npassword: CANARY",
    "password:CANARY",
    "password:CANARY\ntoken: x",
)
_FRAMES = {
    ("dbt", "profiles.yml"): "ledger:\n outputs:\n  dev:\n   type: postgres\n   SLIP\n",
    ("github_actions", ".github/workflows/slip.yml"): (
        "on: push\njobs:\n j:\n  runs-on: ubuntu-latest\n  steps:\n"
        "  - run: 'true'\n    env:\n     USER: x\n     SLIP\n"
    ),
    ("facts", "slip.facts.yaml"): (
        "nhigraph: facts/1\nnodes:\n- kind: User\n  key: acme:slip\n  props:\n   SLIP\n"
    ),
    ("scope", "slip.yaml"): "nhigraph: scope/1\nSLIP\n",
}


def slips() -> Iterator[Input]:
    """Every slip in a profile, a workflow, facts and a scope."""
    for (source, name), frame in _FRAMES.items():
        indent = re.search(r"^( *)SLIP", frame, re.MULTILINE)
        assert indent is not None
        for number, slip in enumerate(_SLIPS):
            text = frame.replace("SLIP", slip.replace("\n", f"\n{indent[1]}"))
            yield Input(source, f"broken/slip-{number}/{name}", text, "slip")
