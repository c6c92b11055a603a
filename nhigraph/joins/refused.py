"""Which exports were asked for and not given: whoever asked is told what was answered.

An answer that is no export settles nothing. A line for an export that is missing then says so, as
asking again in the same way will not help.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from nhigraph.facts.keys import forge
from nhigraph.facts.missing import Missing
from nhigraph.joins.board import Board
from nhigraph.joins.join import Join
from nhigraph.joins.view import View
from nhigraph.schema import kinds as k

_QUOTED = re.compile(r"'([^']*)'")


def settle(board: Board) -> None:
    """Note what was answered on the lines of missing exports."""
    given = dict(_not_given(board.view))
    board.missing = [_answered(one, given) for one in board.missing]


def _not_given(view: View) -> Iterator[tuple[str, str]]:
    """Address of each export that was not given, and the answer."""
    for node in view.of_kind(k.REPOSITORY):
        key = view.parsed(node)
        if not isinstance(key, forge.Repository):
            continue
        for said in view.lines(node, "not_given"):
            what, _, status = said.rpartition("=")
            yield f"{unquote(key.path)}/{what}".lower(), status


def _answered(one: Missing, given: dict[str, str]) -> Missing:
    """The line with what was answered to one of its commands."""
    asked = [unquote(word).lower() for word in _words(one.command)]
    found = sorted({given[at] for word in asked for at in given if word.endswith(at)})
    return replace(one, answer=f"the answer was {', '.join(found)}") if found else one


def _words(command: str) -> Iterator[str]:
    """Addresses in a command: what it is called with, until an option, and what it quotes."""
    for part in command.replace(";", " ;").split(" ; "):
        yield part.split(" --")[0].split(" > ")[0].split(" -H")[0].strip()
    yield from (quoted.partition("?")[0] for quoted in _QUOTED.findall(command))


JOIN = Join(settle)
