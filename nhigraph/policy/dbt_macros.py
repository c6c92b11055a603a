"""What the Jinja of a hook or an operation becomes, and which statements it runs on the way.

dbt renders a hook as it runs it; the manifest has the text, and the text of every macro. Names of
relations, constants, loops over what is known and calls of macros are followed; whatever only a
run can tell stands as ``UNTOLD``. A condition that only a run can tell is taken both ways.

https://docs.getdbt.com/reference/resource-configs/pre-hook-post-hook
"""

from collections.abc import Callable

from jinja2 import TemplateSyntaxError

from nhigraph.policy.dbt_expressions import StuckError, every_way
from nhigraph.policy.dbt_library import Library, Place
from nhigraph.policy.dbt_summary import Summarised, Summary
from nhigraph.policy.dbt_values import Relation, text_of
from nhigraph.policy.dbt_walk import FailedError, LeftError, ReturnedError, Walk
from nhigraph.records import dataclass

#: Ways through the conditions of one hook that are followed.
_MOST_WAYS = 32


@dataclass(frozen=True, slots=True)
class Script:
    """SQL that is run.

    Attributes:
        sql: The text; ``UNTOLD`` stands for what only a run can tell.
        always: Whether every way through the conditions runs it.
    """

    sql: str
    always: bool


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a text becomes.

    Attributes:
        scripts: SQL that is run, in order.
        problems: Why there may be more.
        named: Relations that ``ref``, ``source`` and ``this`` named on the way.
    """

    scripts: tuple[Script, ...] = ()
    problems: tuple[str, ...] = ()
    named: frozenset[Relation] = frozenset()


def render(text: str, place: Place, library: Library) -> Rendered:
    """What a text runs: the statements that macros run on the way, then what it becomes."""
    try:
        tree = library.environment.parse(text)
    except (TemplateSyntaxError, RecursionError, ValueError):
        return Rendered(problems=("its Jinja could not be parsed",))
    return _all_ways(lambda walk: walk.text(tree.body, {}), place, library)


def aside(text: str, place: Place, library: Library) -> Rendered:
    """The statements that a model's text runs on the way to becoming its query."""
    try:
        tree = library.environment.parse(text)
    except (TemplateSyntaxError, RecursionError, ValueError):
        return Rendered()

    def told(walk: Walk) -> str:
        walk.text(tree.body, {})
        return ""

    return _all_ways(told, place, library)


def call(at: tuple[str, str], place: Place, library: Library) -> Rendered:
    """What ``dbt run-operation`` runs: a macro without its arguments; its text goes nowhere."""

    def called(walk: Walk) -> str:
        walk.called(at, [], {}, unknown=True)
        return ""

    return _all_ways(called, place, library)


def _comes_to_its_end(walk: Walk, work: Callable[[Walk], str]) -> bool:
    """Go one way; whether no macro of it ends the run with an error."""
    try:
        walk.run(work(walk))
    except FailedError:
        return False
    except ReturnedError as returned:
        walk.run(text_of(returned.value))
    except StuckError as stuck:
        walk.problems.append(str(stuck))
    except LeftError:
        walk.problems.append("it leaves a loop that it is not in")
    except RecursionError:
        walk.problems.append("it is nested too deep")
    return True


def _all_ways(work: Callable[[Walk], str], place: Place, library: Library) -> Rendered:
    exact = _followed(work, lambda choices: Walk(place, library, choices))
    if exact.whole:
        return exact.rendered
    known: dict[str, Summary | None] = {}
    coarse = _followed(work, lambda choices: Summarised(place, library, choices, known))
    return coarse.rendered if coarse.whole else _both(exact.rendered, coarse.rendered)


def _both(one: Rendered, other: Rendered) -> Rendered:
    """What some ways of a text run that has more."""
    scripts = dict.fromkeys((*one.scripts, *other.scripts))
    problems = dict.fromkeys((*one.problems, *other.problems))
    return Rendered(tuple(scripts), tuple(problems), one.named | other.named)


@dataclass(frozen=True, slots=True)
class _Followed:
    """What was found, and whether on all ways."""

    rendered: Rendered
    whole: bool


def _followed(work: Callable[[Walk], str], started: Callable[[list[bool]], Walk]) -> _Followed:
    found: dict[str, int] = {}
    problems: dict[str, None] = {}
    named: set[Relation] = set()
    ways, whole = 0, True
    try:
        for walk in every_way(started, _MOST_WAYS):
            # What every run does that comes to its end is done always.
            ended = _comes_to_its_end(walk, work)
            ways += ended
            for sql in dict.fromkeys(walk.scripts):
                found[sql] = found.get(sql, 0) + ended
            problems.update(dict.fromkeys(walk.problems))
            named |= walk.named
    except StuckError as stuck:
        problems[str(stuck)], whole = None, False
    scripts = tuple(Script(sql, whole and 0 < count == ways) for sql, count in found.items())
    return _Followed(Rendered(scripts, tuple(problems), frozenset(named)), whole)
