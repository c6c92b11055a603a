"""``nhigraph explain``: everything the inputs say of one thing."""

from collections.abc import Sequence
from pathlib import Path

import click

from nhigraph.cli import options, printing, terminal
from nhigraph.cli.why import evidence, print_steps

#: Room for the names of what is said of a word: headings of rules are long; and of a thing.
_WORDS, _ROOM = 18, 14


@click.command("explain", short_help="What the inputs say of ID, or what a word means.")
@click.argument("ident", metavar="ID", shell_complete=options.node_names)
@options.graph
@options.as_of
@options.form
def command(
    ident: str,
    graph_folder: Path,
    as_of: str | None,
    form_name: str,
    *,
    include_disabled: bool,
) -> None:
    """Explain a node (key or name), a control, a path (its id), or a word.

    Words are rules (R0 …), words of a verdict (both, open, can), states, kinds, fields and words
    of the scope (fs_role, record), properties, weaknesses, the evidence that which.csv asks for,
    and identifiers of frameworks: CC6.1, PR.AA-05, AC-6(5), A.5.17, NHI7:2025.
    """
    from nhigraph.app.questions import explain, meanings, names
    from nhigraph.app.questions.explain_gate import explain_gate
    from nhigraph.assurance.rows import PathStep
    from nhigraph.errors import NoInputError, UsageError
    from nhigraph.output import printable

    fields = meanings.taught(ident)
    if fields:
        word(fields, form_name)
        return
    try:
        judged = options.load(graph_folder, as_of, include_disabled=include_disabled)
    except NoInputError as error:
        said = f"{ident!r} is no word that is explained{_meant(ident)}"
        raise NoInputError(f"{said}; and of names: {error}") from None
    path = explain.find_path(judged, ident)
    if path is not None:
        if form_name == "table":
            print_steps(path[0].source if path else "", path, quoted=True)
        else:
            beside = {"evidence": evidence(path)}
            printing.show("explain", PathStep, path, form_name, judged=judged, beside=beside)
        return
    try:
        found = explain_gate(judged, ident) or explain.explain(
            judged, names.find_node(judged.estate.graph, ident)
        )
    except UsageError as error:
        raise UsageError(f"{error}{_meant(ident)}") from None
    if form_name != "table":
        printing.show("explain", explain.Said, found.facts, form_name, judged=judged)
        return
    click.echo(printable(found.title))
    room = max((len(fact.field) for fact in found.facts), default=0)
    for fact in found.facts:
        terminal.field(fact.field, fact.value, max(room, _ROOM))
    head = f"  {'said in':<{max(room, _ROOM)}}"
    for place in found.evidence:
        told = "; ".join(place.quotes)
        click.echo(printable(f"{head} {place.full_place}  {told}".rstrip()))


def _meant(ident: str) -> str:
    """Which word of ours may be meant."""
    from nhigraph.app.questions.meanings import alike

    near = alike(ident)
    return f" (did you mean the word {', '.join(near)}?)" if near else ""


def word(said: Sequence[tuple[str, str]], form_name: str) -> None:
    """Print what a word of the rows means, by field; no graph stands behind it."""
    import json

    from nhigraph.app.questions.explain import Said
    from nhigraph.output.csv_files import rows_csv

    if form_name == "csv":
        click.echo(rows_csv(Said, [Said(*field) for field in said]), nl=False)
        return
    if form_name == "json":
        rows = [{"field": field, "value": value} for field, value in said]
        click.echo(json.dumps({"nhigraph": "explain/1", "rows": rows}))
        return
    asked = said[0][0].partition(" (")[0]
    for field, value in said:
        if field.partition(" (")[0] == asked:
            named = value.startswith((f"{asked}:", f"{asked} ("))
            terminal.line(value if named else f"{field}: {value}")
        else:
            terminal.field(field, value, _WORDS)
