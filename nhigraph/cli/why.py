"""``nhigraph why``: the path, step by step, with its places."""

from pathlib import Path

import click

from nhigraph.cli import options


@click.command("why", short_help="The best path FROM TO, step by step, with evidence.")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@options.graph
@options.as_of
@options.form
def command(
    source: str,
    target: str,
    graph_folder: Path,
    as_of: str | None,
    form_name: str,
    *,
    include_disabled: bool,
) -> None:
    """Show the path with the fewest conditions, then gates, then steps."""
    from nhigraph.app import questions
    from nhigraph.assurance.rows import PathStep
    from nhigraph.output import printable

    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    graph = judged.estate.graph
    start = questions.find_node(graph, source)
    goal = questions.find_node(graph, target)
    steps = questions.why(judged, start, goal)
    if form_name != "table":
        options.show("why", PathStep, steps, form_name, judged=judged)
    elif steps:
        click.echo(printable(graph.key_list[start]))
        for step in steps:
            marks = [step.action, "" if step.certainty == "certain" else step.certainty]
            marks += [f"if {step.condition}" if step.condition else ""]
            marks += [f"past gate {step.gate}" if step.gate else ""]
            said = "; ".join(mark for mark in marks if mark)
            where = f":{step.line}" if step.line else f" {step.pointer}"
            place = f"{step.artifact}{where}"
            click.echo(printable(f"  {step.edge_kind}{f' ({said})' if said else ''}"))
            click.echo(printable(f"    → {step.target}  {step.state}  [{place}]"))
    if not steps:
        same = start == goal and bool(judged.estate.alive[start])
        what = "it is the target itself" if same else "no path in what was read"
        click.echo(f"{graph.key_list[start]} to {graph.key_list[goal]}: {what}", err=True)
    options.beside(judged)
