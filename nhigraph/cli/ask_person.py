"""``ask --interactive``: questions put to a person, and the answers written when told to."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from nhigraph.app.judged import Judged
    from nhigraph.assurance.rows import QuestionRow


def walk(judged: "Judged", rows: "Sequence[QuestionRow]", scope: Path | None) -> None:
    """Ask one question after another, then write what was answered if that is wanted.

    Args:
        judged: The estate, by whose nodes keys are tried.
        rows: The questions.
        scope: File that the answers are added to; without one they are printed.
    """
    from nhigraph.output import counted, line, printable

    told: list[Mapping[str, Any]] = []
    for row in rows:
        answer = _asked(judged, row)
        if answer is None:
            break
        told += answer
    if not told:
        click.echo("nothing was answered")
        return
    click.echo("answers:")
    for one in told:
        click.echo(printable(f"  - {line(one)}"))
    if scope is None:
        click.echo("paste these into the scope, or give it with --scope", err=True)
        return
    said = counted(len(told), "answer")
    if click.confirm(f"add {said} to {scope}?", default=False):
        _add(scope, told)
        click.echo(f"{said} added to {scope}; run assess again")
    else:
        click.echo("nothing was written")


def _add(scope: Path, told: Sequence[Mapping[str, Any]]) -> None:
    from nhigraph.app.scope_text import with_answers, write
    from nhigraph.errors import UsageError

    try:
        text = scope.read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(f"--scope: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError("--scope: it is no UTF-8 text: nothing was written") from error
    write(scope, with_answers(text, told))


def _asked(judged: "Judged", row: "QuestionRow") -> Sequence[Mapping[str, Any]] | None:
    """What a person answers; empty where it is skipped, None where they stop."""
    from nhigraph.output import printable, settles

    click.echo("")
    click.echo(printable(f"{row.rank}. {row.question} ({settles(row)})"))
    for number, one in enumerate(row.proposals, 1):
        click.echo(printable(f"   {number}) {one.label}"))
    if row.kind == "secret":
        click.echo("   or the key of what it opens")
    if row.command:
        click.echo(printable(f"   or run: {row.command}"))
    while True:
        said = click.prompt("answer (number, s to skip, q to stop)", default="s").strip()
        if said in ("q", "s"):
            return None if said == "q" else ()
        if said.isdecimal() and 1 <= int(said) <= len(row.proposals):
            return _because(row.proposals[int(said) - 1].scope["answers"])
        if row.kind == "secret" and judged.estate.graph.named(said):
            found = [one for one in judged.estate.graph.named(said) if _is_node(judged, one)]
            if found:
                first = row.proposals[0].scope["answers"][0]
                return _because([{**first, "opens": said}])
        click.echo(printable(f"no such answer, and no such key: {said}"))


def _is_node(judged: "Judged", key: str) -> bool:
    return judged.estate.graph.node_id(key) is not None


def _because(answers: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The answers with why, and who confirms them, where that is said."""
    why = click.prompt("because (empty for none)", default="", show_default=False).strip()
    who = click.prompt("confirmed by (empty for none)", default="", show_default=False).strip()
    more = {name: text for name, text in (("because", why), ("confirmed_by", who)) if text}
    return [{**one, **more} for one in answers]
