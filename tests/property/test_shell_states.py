"""What a script's variables may be at its commands: bash itself runs it, whichever way it goes.

Conditions of drawn scripts end as a text of 0 and 1 says; each is run with all such texts. Where
bash has a value, the states have it, too; where a script goes one way only, they have no other.
"""

import os
import re
import signal
import subprocess
from itertools import count, product
from typing import Final

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from nhigraph.facts.values import UNSET, Literal, Named, Value, otherwise
from nhigraph.policy import shell
from nhigraph.policy.scripts.states import States
from nhigraph.policy.scripts.tools import inside
from nhigraph.policy.shell import Command

_NAMES: Final = ("X", "Y")
_LONGEST: Final = 5
#: ``use`` tells its number and what the variables are; ``c`` ends as the next mark says. All is
#: exported: what a script does not export, the programs that it starts are told to have, too.
_PRELUDE: Final = """\
set -a
FUNCNEST=5
use() { printf '%s %s %s\\n' "$1" "${X-unset}" "${Y-unset}"; }
c() { local now="${OUT:0:1}"; OUT="${OUT:1}"; [ "$now" = 1 ]; }
export -f use c
"""
#: Statements of a script by what they are made of; ``?`` stands for a number of its own.
_STATEMENTS: Final = (
    *("use ?", "X=?", "Y=?", "X=$Y", "Y=${X}", "X=? Y=$X", "export X=?", "unset Y"),
    *("X=? use ?", "env Y=? bash -c 'use ?'", "bash -c 'X=?; use ?'", "X=? bash -c 'use ?'"),
    *(
        ": ${X:=?}",
        "Y=${X:-?}",
        "eval 'X=?; use ?'",
        "trap 'X=?' EXIT",
        "bash -s <<'E'\nX=?; use ?\nE",
    ),
    *("declare -g X=?", "true && X=?", "cd . && Y=? && use ?", "(X=?; use ?)"),
    *(
        "h%() { X=$1; use ?; }; h% ?; h% $Y",
        "h%() { local X=$1; use ?; }; h% ?; h% ?",
        "h%() { local Y=${1:-?}; use ?; }; h%; h% $X",
        "h%() { shift; X=$1; use ?; }; h% ? ?; h% a $Y",
        'h%() { "$@"; }; h% use ?; h% export X=?',
        "function h% { X=$2 Y=$1; }; h% ? ?; h% $Y ?",
    ),
)
#: The same where more may be than is.
_CALLS: Final = (
    "h%() { Y=$1; use ?; }; X=? h% ?; h% ?",
    'h%() { for X in "$@"; do use ?; done; }; h% ? ?; h% $Y',
    "h%() { use ?; c && return; X=$1; }; h% ?; h% ?",
    "h%() { local Y=$1; X=$1; use ?; }; h% ?; h% ?",
    "function h% { X=$2 Y=$1; }; h% ? ?; h% $X ?",
    "h%() { X=$1; c || h% $1$1; }; c && h% ?; h% ?",
    "h%() { set -- ?; X=$1; use ?; }; h% ?; h% ?",
    "h%() { while [ $# -gt 0 ]; do X=$1; shift; done; }; h% ? ?; h% ?",
    "h%() { X=$1; trap h% EXIT; }; h% ?",
)
#: ``@`` stands for statements, ``/`` for the end of a line, ``!`` for ``?`` itself.
_FORMS: Final = (
    *("if c; then/@/fi", "if c; then/@/else/@/fi", "if c; then @/elif ~ c/then @/else @/fi"),
    *("c && {/@/}", "c || {/@/}", "c && X=? || Y=?/@", "~ c && { @/} || { @/}", "{/@/}", "(/@/)"),
    *("for X in ? ?; do/@/done", "for n in 1 2; do use ?/@/done", "while c; do/@/done"),
    "case $(c; echo $!) in/0) @/;;/1|2) @/;;/esac",
    "case $(c; echo $!) in 0) @/;; *) @/;; esac",
    "case $(c; echo $!) in 0) @/;& 1) @/;; *) @/;; esac",
    *("f() {/@/}", "function g {/@/}", "f/@", "g/@", "(c) && X=?/@", "X=$(printf ?)/@"),
    *("printf 1 | while read -r n; do @/done", "c; X=? && c && Y=?/@"),
    *("k() {/local X=$1/@/}/k ?; k $Y", "k() {/X=$1/@/}/c && k ?/k $Y", "m() {/k $1; X=$1/}/m ?"),
    *('r() {/"$@"/@/}/r k ?; r use ?', "if k ?; then/@/fi", "Y=$(k ?; printf ?)/@"),
)
_SIMPLE = st.sampled_from((*_STATEMENTS, *_CALLS))


def _more(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.lists(inner, min_size=1, max_size=3).map("\n".join)

    def filled(form: str) -> st.SearchStrategy[str]:
        pieces = form.replace("/", "\n").replace("~", "\x00").split("@")
        return st.tuples(*[body] * (len(pieces) - 1)).map(
            lambda parts: "".join(
                one + other for one, other in zip(pieces, (*parts, ""), strict=True)
            )
        )

    return st.one_of(*map(filled, _FORMS))


def _numbered(script: str) -> str:
    numbers, names = count(1), count()
    # Each function of a statement is named three times: where it is defined, and called twice.
    script = re.sub("%", lambda _: str(next(names) // 3), script)
    return "".join(str(next(numbers)) if mark == "?" else mark for mark in script)


SCRIPTS = st.lists(st.recursive(_SIMPLE, _more, max_leaves=12), min_size=1, max_size=6).map(
    lambda parts: _numbered("\n".join([*parts, "use ?"])).replace("$!", "$?").replace("\x00", "!")
)
STRAIGHT = st.lists(st.sampled_from((*_STATEMENTS, "X+=?")), min_size=1, max_size=9).map(
    lambda parts: _numbered("\n".join([*parts, "use ?"]))
)
#: What a variable is that nothing sets: no way is told by it.
_NOTHING: Final = frozenset({"unset", ""})


def _reads(_: Command, name: str, word: str, env: Named) -> Value:
    """A literal, another variable, what stands behind one, or instead of it."""
    if re.search(r"\$[{]?[\d@*#]", word):
        return (Literal(None),)
    if instead := re.fullmatch(r"\$\{(\w+):[-=](\w+)\}", word):
        return otherwise(env.get(instead[1], UNSET), (Literal(instead[2]),))
    if word.startswith("$") and (known := word.strip("${}")) in _NAMES:
        return env.get(known) or (Literal(""),)
    if word.startswith(f"${{{name}}}"):
        tail = word.removeprefix(f"${{{name}}}")
        before = env.get(name) or (Literal(""),)
        return tuple(Literal(f"{one.text}{tail}") for one in before if isinstance(one, Literal))
    return (Literal(None if shell.SUBSTITUTED in word else word),)


def _told(script: str) -> dict[str, dict[str, set[str | None]]]:
    """By number of each ``use``, what each variable may be; None for what no file shows."""
    commands = shell.commands(script)
    states = States(commands, {}, _reads)
    found: dict[str, dict[str, set[str | None]]] = {}

    def note(commands: list[Command], at: tuple[int, ...]) -> None:

        for place, command in enumerate(commands):
            inner = inside(command)
            if inner is not None:
                note(inner, (*at, place))
            words = [word for word in command.words if word != "env" and "=" not in word]
            if words[:1] != ["use"]:
                continue
            env = states.at((*at, place))
            for name in _NAMES:
                texts = {one.text for one in env.get(name, ()) if isinstance(one, Literal)}
                found.setdefault(words[1], {}).setdefault(name, set()).update(texts)

    note(commands, ())
    return found


def _ran(script: str) -> set[tuple[str, str, str]]:
    """What bash says at each ``use``, for every way that conditions may end."""
    ways = " ".join(
        "".join(way) for size in range(_LONGEST + 1) for way in product("01", repeat=size)
    )
    runs = f'for OUT in "" {ways}; do export OUT; ( eval "$SCRIPT" ) 2>/dev/null; done'
    ran = subprocess.Popen(
        ["bash", "-c", _PRELUDE + runs],
        env={"SCRIPT": script, "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        out, _ = ran.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        # A drawn script may go on for ever: a trap that sets itself again as it ends.
        os.killpg(ran.pid, signal.SIGKILL)
        ran.communicate()
        reject()
    lines = [line.split(" ") for line in out.splitlines()]
    return {(line[0], line[1], line[2]) for line in lines if len(line) == 3}


def _missed(script: str) -> list[str]:
    told = _told(script)
    return [
        f"use {number}: {name} is {value} and not of {told.get(number, {}).get(name)}"
        for number, *values in sorted(_ran(script))
        for name, value in zip(_NAMES, values, strict=True)
        if value not in _NOTHING and not {value, None} & told.get(number, {}).get(name, set())
    ]


@pytest.mark.parametrize(
    "script",
    [
        "X=1\nc && { case $(c; echo $?) in 0) use 2\n;; *) X=3\n;; esac\n}\nuse 4",
        "X=1\nif c; then case a in a) X=2;; *) X=3;; esac; fi\nuse 4",
        "X=1\nwhile c; do case $(c; echo $?) in 0) X=2;; 1) use 3;; esac; done\nuse 4",
        "X=1\nc || ! case a in b|c) X=2;; esac\nuse 4",
        "X=1\nc || { f() {\nuse 2\n}\nX=3\n}\nuse 4",
        "X=1\nif c; then f () { use 2; }; X=3; fi\nuse 4",
        "X=1\nwhile c; do function f { use 2; }; X=3; done\nuse 4",
        "X=1\nc && { use 2; } || { f() ( use 3 )\nX=4\nf\n}\nuse 5",
    ],
)
def test_a_part_behind_another_word_is_one(script: str) -> None:
    """Behind a brace, ``then`` or ``do`` on its line."""
    assert _missed(script) == []


@settings(max_examples=40, deadline=None, derandomize=True)
@given(SCRIPTS)
def test_what_bash_has_is_told(script: str) -> None:
    """No value that a variable has at a command, whichever way a script goes, is left out."""
    assert _missed(script) == [], script


@settings(max_examples=40, deadline=None, derandomize=True)
@given(STRAIGHT)
def test_a_script_that_goes_one_way_has_one_value(script: str) -> None:
    """Nothing is told that bash does not have, where no condition stands in a script."""
    told = {
        (number, name, value)
        for number, values in _told(script).items()
        for name, found in values.items()
        for value in found - _NOTHING
    }
    has = {
        (number, name, value)
        for number, *values in _ran(script)
        for name, value in zip(_NAMES, values, strict=True)
        if value not in _NOTHING
    }
    assert told == has, script


@pytest.mark.nightly
@settings(max_examples=1500, deadline=None)
@given(SCRIPTS)
def test_what_bash_has_is_told_of_many_scripts(script: str) -> None:
    """The same, for many."""
    assert _missed(script) == [], script
