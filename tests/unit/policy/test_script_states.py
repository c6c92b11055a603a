"""Scripts with very many variables cost no more than they say."""

import time

from nhigraph.facts.values import Literal, Named, Value
from nhigraph.policy import shell
from nhigraph.policy.scripts.states import States
from nhigraph.policy.shell import Command


def _reads(_: Command, __: str, word: str, ___: Named) -> Value:
    return (Literal(word),)


def test_commands_of_a_script_with_thousands_of_variables_have_few_of_their_own() -> None:
    """What they may be at any command stands then; nothing is left out."""
    commands = shell.commands("".join(f"A{at}={at}; psql\n" for at in range(3000)))
    states = States(commands, {}, _reads)
    used = states.used()
    own = [states.own((at,), used) for at, one in enumerate(commands) if one.words]
    assert sum(map(len, own)) < 30_000
    assert Literal("2999") in used["A2999"]


def test_functions_that_double_what_they_are_given_end() -> None:
    """Eight words, eight times, eight deep; and a word that is made longer each time."""
    many = "".join(f"f{n}() {{ f{n + 1} {'$@ ' * 64}; }}\n" for n in range(8))
    started = time.process_time()
    for script in (
        f"{many}f0 {'a ' * 64}",
        "f() { f $1$1$1$1$1$1$1$1 x; }\nf " + "a" * 500,
        "f() { f $1; f $1; f $1; }\nf a",
    ):
        found = shell.commands(script)
        assert len(found) < 10
    assert time.process_time() - started < 5
