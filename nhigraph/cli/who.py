"""``nhigraph who``: which identities reach a node."""

from pathlib import Path

import click

from nhigraph.cli import options


@click.command("who", short_help="Which identities reach TARGET, with verdicts at targets.")
@click.argument("target", metavar="TARGET")
@options.graph
@options.as_of
@options.form
def command(
    target: str,
    graph_folder: Path,
    as_of: str | None,
    form_name: str,
    *,
    include_disabled: bool,
) -> None:
    """List the non-human identities that reach TARGET.

    At an assurance target (fin:…, trust:…) the rows are those of verdicts.csv; elsewhere the
    states held.
    """
    from nhigraph.app import questions
    from nhigraph.assurance.rows import VerdictRow

    judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    graph = judged.estate.graph
    node = questions.find_node(graph, target)
    key = graph.key_list[node]
    headers: tuple[str, ...]
    if key in {t.key for t in judged.estate.targets}:
        verdicts = questions.verdicts_of(judged, target=key)
        headers = ("identity", "verdict", "soc1", "soc2", "exposure", "states", "steps")
        options.show("who", VerdictRow, verdicts, form_name, judged=judged, headers=headers)
        found = len(verdicts)
    else:
        rows = questions.who(judged, node)
        headers = ("identity", "kind", "states", "certainty", "exposure", "steps")
        options.show("who", questions.ReachRow, rows, form_name, judged=judged, headers=headers)
        found = len(rows)
    if not found:
        click.echo(f"no identity reaches {key} in what was read", err=True)
    options.beside(judged)
