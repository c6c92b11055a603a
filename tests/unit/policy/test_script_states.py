"""Scripts with very many variables cost no more than they say."""

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
