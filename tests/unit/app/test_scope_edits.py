"""Scope files as people write them, changed by the tool: every comment and unknown field stays.

The writer below knows no YAML library: it makes text with marked comments and fields, in the
layouts that people use, and the marks are looked for in what the tool made.
"""

import re
from random import Random

import pytest
import yaml

from nhigraph.app.scope_text import with_answers, with_items
from nhigraph.errors import UsageError

SEEDS = 300
_TARGET = [
    '- id: added  # "ledger" in the name',
    "  family: financial-reporting",
    "  select:  # any of these",
    '    - {key: "dataset:postgres:erp.fin.gl#1"}  # 1 node: why',
]
_ANSWER = {"secret": {"key": "github:a/b/secret/X"}, "opens": "nothing", "because": "it's: # ours"}


class _Writer:
    """A scope in one random layout, with a comment or an unknown field wherever one can stand."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.marks = 0
        self.fields = 0

    def comment(self, before: str = "  ") -> str:
        if self.rng.random() < 0.5:
            return ""
        self.marks += 1
        return f"{before}# C{self.marks}C"

    def own_line(self, indent: str) -> list[str]:
        lines = [self.comment(indent)]
        return [*lines, ""] if self.rng.random() < 0.2 else [one for one in lines if one]

    def unknown(self) -> str:
        self.fields += 1
        return f"x-own-{self.fields}: kept-{self.fields}"

    def value(self, text: str) -> str:
        return self.rng.choice((text, f'"{text}"', f"'{text}'"))

    def text(self) -> str:
        rng = self.rng
        if rng.random() < 0.15:
            return self.flow()
        margin = "  " if rng.random() < 0.1 else ""
        lines = [*self.own_line(margin), f"{margin}nhigraph: scope/1{self.comment()}"]
        sections = ["organization", "targets", "answers", "people", "owned"]
        rng.shuffle(sections)
        for name in sections[: rng.randint(0, 5)]:
            lines += self.own_line(margin)
            lines += self.section(name, margin)
        lines += self.own_line(margin)
        ended = "\n".join(lines) + rng.choice(("\n", "", "\n\n", "\n...\n"))
        head = rng.choice(("", "", "---\n", "%YAML 1.1\n---\n"))
        made = head + ended
        return made.replace("\n", "\r\n") if rng.random() < 0.1 else made

    def section(self, name: str, margin: str) -> list[str]:
        rng = self.rng
        if name == "organization":
            return [f"{margin}organization: {self.value('Acme')}{self.comment()}"]
        if name == "owned":
            return [f"{margin}{self.unknown()}{self.comment()}"]
        way = rng.choice(("block", "block", "block", "tight", "flow", "many", "empty", "nothing"))
        if way in {"empty", "nothing"}:
            body = "" if way == "nothing" else rng.choice((" []", " [ ]", " null", " ~"))
            return [f"{margin}{name}:{body}{self.comment()}"]
        if way == "flow":
            return [f"{margin}{name}: [{self.short(name)}, {self.short(name)}]{self.comment()}"]
        if way == "many":
            return [
                f"{margin}{name}: [{self.comment(' ')}",
                f"{margin}  {self.short(name)},{self.comment()}",
                f"{margin}  {self.short(name)}{self.comment()}",
                f"{margin}]{self.comment()}",
            ]
        indent = margin if way == "tight" else margin + " " * rng.choice((1, 2, 4))
        lines = [f"{margin}{name}:{self.comment()}"]
        for _ in range(rng.randint(1, 3)):
            lines += self.own_line(indent)
            lines += self.item(name, indent)
        return lines

    def item(self, name: str, indent: str) -> list[str]:
        if self.rng.random() < 0.4:
            return [f"{indent}- {self.short(name)}{self.comment()}"]
        lines = [f"{indent}- {self.unknown()}{self.comment()}"]
        if self.rng.random() < 0.3:
            lines += [f"{indent}  note: |", f"{indent}    # no comment", f"{indent}    two"]
        lines += [f"{indent}  key: {self.value('acme:x')}{self.comment()}"]
        return lines

    def short(self, name: str) -> str:
        return f"{{key: {self.value(f'acme:{name}')}, {self.unknown()}}}"

    def flow(self) -> str:
        inner = [f"nhigraph: scope/1,{self.comment()}"]
        if self.rng.random() < 0.6:
            inner += [f"answers: [{self.short('answers')}],{self.comment()}"]
        if self.rng.random() < 0.4:
            inner += [f"targets: [],{self.comment()}"]
        return "\n  ".join(["{", *inner, f"{self.unknown()}{self.comment()}"]) + "\n}\n"


def _marks(text: str) -> list[str]:
    return sorted(re.findall(r"# C\d+C", text))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_change_keeps_every_comment_and_every_field(seed: int) -> None:
    writer = _Writer(seed)
    before = writer.text()
    was = yaml.safe_load(before)
    made = with_items(with_answers(before, [_ANSWER]), "targets", [_TARGET, _TARGET])
    now = yaml.safe_load(made)
    assert _marks(made) == _marks(before)
    assert len(_marks(before)) == writer.marks
    assert not re.search(r"C\d+C", repr(now)), "a comment became a value"
    assert len(re.findall(r"kept-\d+", repr(now))) == writer.fields
    added = yaml.safe_load("\n".join(_TARGET))
    assert now == {
        **was,
        "answers": [*(was.get("answers") or []), _ANSWER],
        "targets": [*(was.get("targets") or []), *added, *added],
    }
    assert ("\r\n" in made) == ("\r\n" in before)


def test_lines_of_the_owner_are_not_rewritten() -> None:
    changed = 0
    for seed in range(SEEDS):
        before = _Writer(seed).text().splitlines()
        made = iter(with_answers("\n".join(before), [_ANSWER]).splitlines())
        # In the order they stood in; at most the line goes that held an empty list.
        missing = [line for line in before if all(line != other for other in made)]
        changed += bool(missing)
    assert changed < SEEDS


@pytest.mark.parametrize("text", ["a: &x [1]\nanswers: *x\n", "answers: {a: 1}\n", "? [a]\n: b\n"])
def test_what_is_written_in_a_way_that_cannot_be_added_to_is_left_alone(text: str) -> None:
    with pytest.raises(UsageError, match="nothing was written"):
        with_answers(text, [_ANSWER])
