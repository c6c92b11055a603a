"""Words of commands that stand in variables: bash itself says which they are."""

import subprocess
from itertools import count
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhigraph.policy import shell
from nhigraph.policy.scripts.expand import expanded

_PRELUDE: Final = "psql() { printf '<%s>' \"$@\"; printf '\\n'; }\n"
STATEMENTS: Final = st.sampled_from(
    [
        *("A='-u x'", 'A="-u $B"', "A=(-u x -q)", "B=w", "B=v", 'A="$A -q"'),
        *("A=one", "C='psql 0'", "C=psql", "unset A", "A='-u x' psql 0 $A", "true && A='-v z'"),
        *("psql ? $A", "psql ? ${A}", 'psql ? "${A[@]}" end', "psql ? -d $B", "$C ? $A", "${C} ?"),
    ]
)
SCRIPTS: Final = st.lists(STATEMENTS, min_size=2, max_size=8).map("\n".join)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(SCRIPTS)
def test_a_command_has_the_words_that_bash_gives_it(drawn: str) -> None:
    """What is put in is what the shell puts in; a variable of one plain word may stay one."""
    numbers = count(1)
    script = "".join(str(next(numbers)) if mark == "?" else mark for mark in drawn)
    # An array that is handed on or named alone is its first member: nobody writes that.
    text = f"A=; B=; C=psql\n{script}".replace("A=(-u x -q)", "A='-u x -q'")
    ran = subprocess.run(
        ["bash", "-c", _PRELUDE + text.replace('"${A[@]}"', "$A")],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    plain = {"$A": "one", "${A}": "one", "$B": None, "${A[@]}": "one"}
    told = [
        [word for word in command.words[1:] if word not in plain]
        for command in expanded(shell.commands(text), {})
        if command.words[:1] == ("psql",)
    ]
    has = [line.strip("<>").split("><") for line in ran.stdout.splitlines()]
    kept = [[word for word in words if word not in ("one", "w", "v", "")] for words in has]
    assert [[w for w in words if w not in ("one", "w", "v", "")] for words in told] == kept, text


@pytest.mark.parametrize("text", ["host=db user=u dbname=d", "postgresql://u@db/d", "d"])
def test_what_may_be_one_word_in_quotes_stays_a_variable(text: str) -> None:
    """A connection text has spaces, and is handed over in quotes."""
    commands = shell.commands(f"C='{text}'\npsql \"$C\"")
    assert expanded(commands, {})[1].words == ("psql", "$C")
