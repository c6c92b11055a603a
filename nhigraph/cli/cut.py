"""``nhigraph cut``: the fewest changes that keep everybody from a target."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nhigraph.cli import options, printing, terminal
from nhigraph.cli.asleep import asleep

if TYPE_CHECKING:
    from nhigraph.app.judged import Judged
    from nhigraph.assurance.cut_rows import Changed, ChokeRow
    from nhigraph.assurance.cuts.asked import Asked
    from nhigraph.assurance.cuts.choke import Passed
    from nhigraph.assurance.cuts.smallest import Found

_HEADERS = (
    *("rank", "edge_kind", "from", "to", "action", "identities", "cost", "artifact", "pointer"),
)
_OF_POINTS = ("point", "kind", "from", "to", "gate", "identities", "artifact", "pointer")
#: Answers that people are shown; the machine forms have them all.
_LISTED = 12
#: Ways that count, as the end of "nobody reaches it".
_BY = {"MAY": "", "CAN": " by certain steps alone", "OPEN": " past no control that holds"}
_STATES = ("control", "alter", "omit", "read", "halt")


@click.command("cut", short_help="The fewest changes after which nobody reaches TARGET.")
@click.argument(
    "targets",
    metavar="TARGET...",
    nargs=-1,
    required=True,
    shell_complete=options.node_names,
)
@click.option(
    "--identity",
    "identities",
    metavar="NHI",
    multiple=True,
    shell_complete=options.node_names,
    help="Who shall not reach it (may be given again); by default all of the population, those of "
    "carve-outs and outside the boundary among them.",
)
@click.option(
    "--effect",
    "states",
    type=click.Choice(_STATES, case_sensitive=False),
    multiple=True,
    help="What they shall not do there (may be given again); by default all that harms.",
)
@options.ways
@click.option(
    "--choke-points",
    is_flag=True,
    help="Instead: the nodes and rights that every way passes, candidates for a key control.",
)
@options.graph
@options.as_of
@options.form
def command(  # noqa: PLR0913 - one parameter an option
    *,
    targets: tuple[str, ...],
    identities: tuple[str, ...],
    states: tuple[str, ...],
    ways: str,
    graph_folder: Path,
    as_of: str | None,
    form_name: str,
    choke_points: bool,
    include_disabled: bool,
) -> None:
    """List the fewest rights to take away so that no identity reaches TARGET.

    TARGET is a target or any node; several are cut from together, and `soc1` or `soc2` stands for
    all targets of a family. What can be taken away are rights, memberships, trusts and
    credentials; how data flow stays. Each is removed and the search made again before it is
    printed. It says, too, which other answers change, whom no such change stops, and of whom it
    is not known.
    """
    from nhigraph.app.questions.cut import asked
    from nhigraph.assurance.cut_rows import ChokeRow, CutStep
    from nhigraph.assurance.cuts.choke import choke
    from nhigraph.assurance.cuts.smallest import cut

    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    wanted = asked(judged, targets, identities, states, ways)
    if choke_points:
        passed = choke(judged.estate, wanted)
        printing.show(
            "cut",
            ChokeRow,
            passed.rows,
            form_name,
            judged=judged,
            headers=_OF_POINTS,
            reached=bool(passed.unknown),
            beside=_beside_points(passed),
        )
        if form_name == "table":
            _tell_points(passed, judged, wanted)
        asleep(judged, *_ends(judged, wanted, found=bool(passed.reaching)))
        printing.beside(judged)
        return
    found = cut(judged.estate, wanted)
    printing.show(
        "cut",
        CutStep,
        found.rows,
        form_name,
        judged=judged,
        headers=_HEADERS,
        reached=bool(found.unknown),
        beside=_beside(found),
    )
    if form_name == "table":
        _tell(found, judged, wanted)
    asleep(judged, *_ends(judged, wanted, found=bool(found.rows or found.beyond)))
    printing.beside(judged)


def _ends(judged: "Judged", wanted: "Asked", *, found: bool) -> list[str]:
    """Keys of what was asked about, where nobody was found."""
    nodes = () if found else (*(wanted.walkers or ()), *wanted.nodes)
    return [judged.estate.graph.key_list[node] for node in nodes]


def _tell(found: "Found", judged: "Judged", asked: "Asked") -> None:
    """What a person must know beside the rows."""
    from nhigraph.output import counted, printable

    say = terminal.line
    if found.rows:
        say(_sentence(found))
    elif not found.beyond:
        say(f"{_nobody(judged, asked, found.unknown)}: there is nothing to cut")
    # The scope may keep one that could.
    could = "may" if judged.estate.cut_weights.kept else "could"
    for key in found.beyond[:_LISTED]:
        say(f"not stopped: {key} reaches it by no right that {could} be taken away")
    if len(found.beyond) > _LISTED:
        say(f"not stopped: and {len(found.beyond) - _LISTED} more")
    # In the order in which they can be run.
    for _, rank, statement in sorted({(r.turn, r.rank, r.statement) for r in found.rows}):
        if statement:
            # Whole, whatever the width: it is there to be pasted.
            click.echo(printable(f"change {rank}: {statement}"))
    _tell_unknown(found.unknown)
    for one in found.changed[:_LISTED]:
        say(f"changes, too: {one.identity} at {one.target}: {one.before} → {one.after}")
    if len(found.changed) > _LISTED:
        many = counted(len(found.changed) - _LISTED, "more answer", "more answers")
        say(f"changes, too: and {many}")


def _sentence(found: "Found") -> str:
    """How many changes stop how many, and whether fewer could."""
    from nhigraph.output import counted

    many = counted(found.changes, "change", "changes")
    priced = f" of cost {found.cost}" if found.cost != found.changes else ""
    word = "cheaper" if priced else "smaller"
    proven = found.cost == found.bound
    told = f"no {word} cut exists" if proven else f"no cut is {word} than {found.bound}"
    stop = "stops" if found.changes == 1 else "stop"
    who = counted(len(found.stopped), "identity", "identities")
    return f"{many}{priced} {stop} {who}: {told}"


def _tell_points(passed: "Passed", judged: "Judged", asked: "Asked") -> None:
    """What a person must know beside the points."""
    from nhigraph.output import counted

    many = len(passed.reaching)
    if not many:
        click.echo(f"{_nobody(judged, asked, passed.unknown)}: there is nothing to pass")
    elif not passed.rows:
        click.echo(
            f"{counted(many, 'identity reaches', 'identities reach')} it by ways that meet nowhere"
        )
    else:
        told = counted(many, "identity rests", "identities rest")
        shown = ", ".join(passed.reaching[:_LISTED])
        more = f" and {many - _LISTED} more" if many > _LISTED else ""
        terminal.line(f"{told} on each of these: {shown}{more}")
        _tell_failures(passed.rows)
    _tell_unknown(passed.unknown)


def _tell_failures(rows: "Sequence[ChokeRow]") -> None:
    """What stands open where the control at a point fails; points alike share a line."""
    from nhigraph.output import counted

    alike: dict[tuple[Changed, ...], list[str]] = {}
    for row in rows:
        if row.answers is not None:
            name = f"{row.source} → {row.destination}" if row.destination else row.source
            alike.setdefault(row.opens, []).append(name)
    for opens, names in list(alike.items())[:_LISTED]:
        targets = sorted({one.target for one in opens})
        shown = ", ".join(targets[:_LISTED])
        many = counted(len(opens), "answer stands", "answers stand")
        past = sum(one.after.endswith(" open") for one in opens)
        others = len(names) - 1
        more = f" (or at {counted(others, 'more point', 'more points')})" if others else ""
        terminal.line(f"if control fails at {names[0]}{more}: {many} ({past} open) at {shown}")
    left = sum(row.answers is None for row in rows)
    if len(alike) > _LISTED or left:
        over = len(alike) - _LISTED
        hidden = counted(over, "more group of points", "more groups of points") if over > 0 else ""
        unknown = f"not worked out at {counted(left, 'point', 'points')}" if left else ""
        click.echo(f"if control fails: {' and '.join(filter(None, (hidden, unknown)))}")


def _tell_unknown(unknown: "Sequence[str]") -> None:
    from nhigraph.output import counted

    if unknown:
        many = counted(len(unknown), "identity", "identities")
        terminal.line(
            f"undetermined: {many}, by ways that no document shows, or past a control of which it "
            "is not known whether it holds"
        )


def _nobody(judged: "Judged", asked: "Asked", unknown: "Sequence[str]") -> str:
    """That there is nothing, no wider than asked: of whom, by which ways, in which state."""
    who = "nobody" if asked.walkers is None else "nobody who is named"
    states = (
        f" with {' or '.join(one.name for one in sorted(asked.states))}" if asked.states else ""
    )
    said = f"{who} {'is known to reach' if unknown else 'reaches'} it{states}"
    return printing.nothing(judged, f"{said}{_BY[asked.closure.name]}")


def _beside_points(passed: "Passed") -> dict[str, object]:
    """What machines are told beside the points; ``opens`` in the order of the rows."""
    from dataclasses import asdict

    return {
        "reaching": passed.reaching,
        "undetermined": passed.unknown,
        "opens": [
            None if row.answers is None else [asdict(one) for one in row.opens]
            for row in passed.rows
        ],
    }


def _beside(found: "Found") -> dict[str, object]:
    """The same for machines."""
    from dataclasses import asdict

    return {
        "changes": found.changes,
        "cost": found.cost,
        "bound": found.bound,
        "stopped": found.stopped,
        "not_stopped": found.beyond,
        "undetermined": found.unknown,
        "changed": [asdict(one) for one in found.changed],
    }
