"""``ask --interactive``: questions put to a person, and the answers written when told to."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nhigraph.cli import asking

if TYPE_CHECKING:
    from nhigraph.app.judged import Judged
    from nhigraph.assurance.question_rows import QuestionRow


def walk(judged: "Judged", rows: "Sequence[QuestionRow]", scope: Path | None) -> None:
    """Ask one question after another, then write what was answered if that is wanted.

    Args:
        judged: The estate, by whose nodes keys are tried.
        rows: The questions.
        scope: File that the answers are added to; without one they are printed.
    """
    from nhigraph.app.scope_text import read
    from nhigraph.output import counted, line, printable

    if scope is not None:
        read(scope)
    told: list[Mapping[str, Any]] = []
    for row in rows:
        try:
            answer = _asked(judged, row)
        except click.Abort:
            click.echo("")
            break
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
    if _confirmed(f"add {said} to {scope}?"):
        _add(scope, told)
        click.echo(f"{said} added to {scope}; run assess again")
    else:
        click.echo("nothing was written")


def _confirmed(question: str) -> bool:
    """Whether a person says yes; the end of their input is no."""
    try:
        return asking.confirm(question, default=False)
    except click.Abort:
        click.echo("")
        return False


def _add(scope: Path, told: Sequence[Mapping[str, Any]]) -> None:
    from nhigraph.app.scope_text import read, with_answers, write

    write(scope, with_answers(read(scope), told))


def _asked(judged: "Judged", row: "QuestionRow") -> Sequence[Mapping[str, Any]] | None:
    """What a person answers; empty where it is skipped, None where they stop."""
    from nhigraph.output import printable, settles

    click.echo("")
    click.echo(printable(f"{row.rank}. {row.question} ({settles(row)})"))
    for number, one in enumerate(row.proposals, 1):
        click.echo(printable(f"   {number}) {one.label}"))
    if row.named:
        click.echo(f"   or the key of {_asked_for(row)}")
    if row.command:
        click.echo(printable(f"   or run: {row.command}"))
    while True:
        said = asking.prompt("answer (number, s to skip, q to stop)", default="s").strip()
        if said in ("q", "s"):
            return None if said == "q" else ()
        found = _understood(judged, row, said)
        if found is not None:
            return _because(found)
        but = ", and no such key" if row.named else ""
        click.echo(printable(f"no such answer{but}: {said}"))


def _understood(
    judged: "Judged", row: "QuestionRow", said: str
) -> Sequence[Mapping[str, Any]] | None:
    """What some words answer: a number, a label, a key of what a secret opens, a value."""
    if said.isdecimal():
        number = int(said)
        known = 1 <= number <= len(row.proposals)
        return row.proposals[number - 1].scope["answers"] if known else None
    for one in row.proposals:
        if one.label == said:
            found: Sequence[Mapping[str, Any]] = one.scope["answers"]
            return found
    first = row.proposals[0].scope["answers"][0]
    if "variable" in first:
        return [{**first, "is": said}]
    return _named(judged, row, said) if row.named else None


#: What a key stands for, by the field of an answer that takes it.
_STANDS_FOR = {
    "opens": "what it opens",
    "trusted_by": "who trusts it",
    "becomes": "whom it becomes",
    "approvers": "those who decide, one after another",
}


def _asked_for(row: "QuestionRow") -> str:
    return next(said for field, said in _STANDS_FOR.items() if field in row.named)


def _named(judged: "Judged", row: "QuestionRow", said: str) -> Sequence[Mapping[str, Any]] | None:
    """The answer that names what was typed; several who decide stand apart by blanks."""
    from nhigraph.facts import keys

    many = said.split() if "approvers" in row.named else [said]
    graph = judged.estate.graph
    for one in many:
        # Whose account a person's is, that key says: it need not be described.
        is_account = "approvers" in row.named and keys.is_account(one)
        if not is_account and not any(_is_node(judged, key) for key in graph.named(one)):
            return None
    field = next(field for field in _STANDS_FOR if field in row.named)
    return [{**row.named, field: many if field == "approvers" else said}]


def _is_node(judged: "Judged", key: str) -> bool:
    return judged.estate.graph.node_id(key) is not None


def _because(answers: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The answers with why, and who confirms them, where that is said."""
    why = asking.prompt("because (empty for none)", default="", show_default=False).strip()
    who = asking.prompt("confirmed by (empty for none)", default="", show_default=False).strip()
    more = {name: text for name, text in (("because", why), ("confirmed_by", who)) if text}
    return [{**one, **more} for one in answers]
