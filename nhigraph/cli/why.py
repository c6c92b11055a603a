"""``nhigraph why``: the path, step by step, with its places."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nhigraph.cli import options, printing, terminal
from nhigraph.cli.asleep import asleep
from nhigraph.cli.exit_code import exit_code, leave

if TYPE_CHECKING:
    from nhigraph.app.judged import Judged
    from nhigraph.app.questions.why import Why
    from nhigraph.assurance.rows import PathStep, VerdictRow


class _Count(click.ParamType[int]):
    """How many. What stands behind the option may have been meant as FROM."""

    name = "count"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """The number.

        Raises:
            click.BadParameter: It is none.
        """
        text = str(value)
        if not text.isdecimal():
            advice = "say how many, or put the option behind FROM and TO"
            self.fail(f"{text!r} is no number; {advice}", param, ctx)
        return int(text)


@click.command("why", short_help="The best path FROM TO, step by step, with evidence.")
@click.argument("source", metavar="FROM", shell_complete=options.node_names)
@click.argument("target", metavar="TO", shell_complete=options.node_names)
@click.option(
    "--alternatives",
    type=_Count(),
    is_flag=False,
    flag_value=3,
    default=0,
    metavar="[K]",
    help="And up to K paths (3) that are left once something of each one before is taken away.",
)
@click.option(
    "--evidence",
    "quoted",
    is_flag=True,
    help="Quote the places that state each step, and give the digests of their documents.",
)
@options.graph
@options.as_of
@options.form
@exit_code
def command(  # noqa: PLR0913 - one parameter an option
    source: str,
    target: str,
    alternatives: int,
    graph_folder: Path,
    as_of: str | None,
    form_name: str,
    *,
    quoted: bool,
    include_disabled: bool,
    as_code: bool,
) -> None:
    """Show the path with the fewest conditions, then gates, then steps.

    At an assurance target the verdict comes first, and the path is the one it rests on.

    An alternative is the best path that still stands when, of every path before it, one thing
    that it rests on is taken away: a right, a membership, a trust or a credential, of a step or
    of what a step needs.
    """
    from nhigraph.app.questions import names
    from nhigraph.app.questions.rows import AnsweredStep
    from nhigraph.app.questions.why import why
    from nhigraph.output import printable

    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    start = options.walker(judged, source)
    goal, _ = names.find_goal(judged, target)
    found = why(judged, start, goal, alternatives)
    people = form_name == "table"
    if not people:
        reached = bool(found.gaps) or found.unread
        rows = found.rows()
        told = [step for steps in (found.steps, *found.alternatives) for step in steps]
        printing.show(
            "why",
            AnsweredStep,
            rows,
            form_name,
            judged=judged,
            reached=reached,
            beside={"evidence": evidence(told)} if quoted else None,
        )
    else:
        if found.verdict is not None:
            terminal.line(_verdict(found.verdict, goal))
            if found.steps:
                terminal.line(_exposure(found.verdict.exposure))
        print_steps(found.start, found.steps, quoted=quoted)
        if alternatives and found.steps:
            _print_alternatives(judged, found, alternatives, quoted=quoted)
    if found.steps and people:
        printing.gaps(found.start, found.gaps, unread=found.unread)
    same = found.start == goal and bool(judged.estate.alive[start])
    if not found.steps:
        said = "it is the target itself" if same else _none(judged, found)
        click.echo(
            printable(f"{found.start} to {goal}: {said}"), err=not people or not found.exposure
        )
        asleep(judged, found.start, goal)
    printing.beside(judged)
    unknown = bool(found.exposure) or printing.lost(judged)
    leave(as_code=as_code, found=bool(found.steps) or same, unknown=unknown)


def _verdict(row: "VerdictRow", goal: str) -> str:
    """One line: what verdicts.csv says of the pair."""
    parts = [f"verdict {row.verdict}", f"soc1 {row.soc1}", f"soc2 {', '.join(row.soc2) or '-'}"]
    parts += [f"exposure {row.exposure}", f"certainty {row.certainty}"]
    parts += [f"rules {', '.join(row.rules)}"] if row.rules else []
    parts += [f"path {row.path_id}"] if row.path_id else []
    beyond = "" if row.target == goal else " (its row * for all targets without one of their own)"
    return f"{goal}: {'; '.join(parts)}{beyond}"


def _exposure(word: str) -> str:
    """What the exposure means, in the words of the report."""
    from nhigraph.output import words

    said = words()
    return f"{said['exposure'].get(word, word)}: {said['exposure_meaning'].get(word, '')}"


def print_steps(start: str, steps: "Sequence[PathStep]", *, quoted: bool = False) -> None:
    """Print a path for people: every step with what it takes and its places.

    Args:
        start: Where it begins.
        steps: Its steps.
        quoted: Whether each place is quoted, and the digests of the documents follow.
    """
    from nhigraph.output.terminal.tree import drawn

    width, colour = terminal.terminal_width(), terminal.colour()
    text = drawn(start, steps, width=width, colour=colour, quoted=quoted)
    click.echo(text, nl=False)


def evidence(steps: "Sequence[PathStep]") -> list[dict[str, object]]:
    """Every place that states a step, for the JSON form."""
    return [
        {
            "path_id": step.path_id,
            "alternative": step.alternative,
            "step": step.step,
            "artifact": place.artifact,
            "line": place.line,
            "pointer": place.pointer,
            "sha256": place.sha256,
            "quotes": list(place.quotes),
            "not_quoted": place.unquoted,
        }
        for step in steps
        for place in step.places
    ]


def _print_alternatives(judged: "Judged", found: "Why", wanted: int, *, quoted: bool) -> None:
    """Print what is left beside the path, and whether that is all."""
    from nhigraph.assurance.path_rows import without

    for steps in found.alternatives:
        head = (f"alternative {steps[0].alternative}", without(found.steps, steps))
        click.echo(", ".join(part for part in head if part))
        print_steps(found.start, steps, quoted=quoted)
    if len(found.alternatives) < wanted:
        said = "no further alternative" if found.alternatives else "no alternative"
        more = "; the search was ended before all were looked at" if not found.whole else ""
        click.echo(f"{printing.nothing(judged, said)}{more}")


def _none(judged: "Judged", found: "Why") -> str:
    """Why there is no path to show."""
    from nhigraph.assurance.lacking import lack

    reasons = [f"reaches a gap at {key}: {reason}" for key, reason in found.gaps.items()]
    reasons += [printing.UNREAD] if found.unread else []
    if found.exposure and not reasons:
        reasons = [
            f"the target was {lack(one)}" for one in judged.estate.targets if one.key == found.goal
        ]
    if reasons:
        return f"no path was found, but it is not known: {'; '.join(reasons)}"
    return printing.nothing(judged, "no path")
