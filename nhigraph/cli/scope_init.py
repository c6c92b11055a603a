"""``scope init``: a person is asked what no export says, and the scope file is made of it."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nhigraph.cli import asking, printing
from nhigraph.records import dataclass

if TYPE_CHECKING:
    from nhigraph.app.scope import Proposals, Written
    from nhigraph.assurance.proposals import Said

_CATEGORIES = (
    ("S", "security: nobody gets in who should not"),
    ("A", "availability: it is there when it is needed"),
    ("PI", "processing integrity: what it computes is right"),
    ("C", "confidentiality: nobody reads what they should not"),
    ("P", "privacy: people's data is used as they were told"),
)
_BASES = (
    ("own", "your own statements"),
    ("user_entity", "those of your customers, who rely on you"),
    ("both", "both"),
    ("unknown", "not known yet"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What options say; None is asked."""

    organization: str | None
    commitments: str | None
    accept: str | None
    icfr_basis: str | None


def make(inputs: Sequence[Path], path: Path, wanted: Wanted, repo: str | None) -> "Written | None":
    """Make a scope file; None where the person stopped, and nothing was written.

    Raises:
        UsageError: There is one, or nobody can be asked and the options do not say what to take.
    """
    from nhigraph.app import scope
    from nhigraph.errors import UsageError

    if path.exists():
        raise UsageError(
            f"{path} is there: `nhigraph scope suggest … --accept LIST` adds to it, and "
            "`nhigraph scope check` says what is wrong with it"
        )
    asks = sys.stdin.isatty()
    if not asks and wanted.accept is None:
        raise UsageError(
            "scope init asks in a terminal, and there is none: say what to take with --accept 1,2 "
            "(`nhigraph scope suggest INPUT…` lists the proposals)"
        )
    promised = None if wanted.commitments is None else letters(wanted.commitments)
    found = scope.proposals(inputs, repo=repo)
    printing.not_read(found.unread)
    try:
        head = scope.Head(
            _organization(asks=asks) if wanted.organization is None else wanted.organization,
            (_commitments() if asks else ()) if promised is None else promised,
        )
        chosen = _chosen(found, wanted, asks=asks)
    except click.Abort:
        click.echo("\nnothing was written")
        return None
    return scope.accept(path, found, chosen, head)


def _organization(*, asks: bool) -> str:
    if not asks:
        return ""
    said: str = asking.prompt("organisation (empty for none)", default="", show_default=False)
    return said.strip()


def letters(text: str) -> tuple[str, ...]:
    """Letters of categories, in the order in which they are printed.

    Raises:
        UsageError: There is another word among them.
    """
    from nhigraph.errors import UsageError

    known = [letter for letter, _ in _CATEGORIES]
    said = [word.upper() for word in text.replace(",", " ").split()]
    wrong = [word for word in said if word not in known]
    if wrong:
        raise UsageError(
            f"commitments: no category {wrong[0]!r}; expected letters of {', '.join(known)}"
        )
    return tuple(letter for letter in known if letter in said)


def _commitments() -> tuple[str, ...]:
    from nhigraph.errors import UsageError

    click.echo("\nWhat did the organisation promise?")
    for letter, sentence in _CATEGORIES:
        click.echo(f"  {letter:<3} {sentence}")
    while True:
        said = asking.prompt("letters (empty: not known yet)", default="", show_default=False)
        try:
            return letters(said)
        except UsageError as error:
            click.echo(str(error))


def _chosen(found: "Proposals", wanted: Wanted, *, asks: bool) -> "dict[int, Said]":
    """Numbers of what is taken, and what is said of each."""
    from nhigraph.app.scope import numbers
    from nhigraph.assurance.proposals import Said

    most = len(found.ranked)
    if wanted.accept is not None:
        taken = dict.fromkeys(numbers(wanted.accept, most), "")
    else:
        taken = _asked(found)
    books = any(_is_books(found, number) for number in taken)
    basis = wanted.icfr_basis or (_basis() if asks and books else "unknown")
    return {number: Said(basis, role) for number, role in taken.items()}


def _is_books(found: "Proposals", number: int) -> bool:
    from nhigraph.assurance.proposals import is_books

    return is_books(found.ranked[number - 1])


def _asked(found: "Proposals") -> dict[int, str]:
    """Proposals that a person takes, each with the role that they give it."""
    from nhigraph.assurance.proposals import Said
    from nhigraph.output import printable

    taken: dict[int, str] = {}
    click.echo("\nWhat the exports speak for, what lineage leads to most first (q ends the list):")
    for number in range(1, len(found.ranked) + 1):
        click.echo("")
        click.echo(printable(found.heading(number)))
        for one in found.lines(number, Said())[1:]:
            click.echo(printable(f"  {one}"))
        said = asking.prompt("take it?", type=click.Choice(["y", "n", "q"]), default="n")
        if said == "q":
            break
        if said == "y":
            taken[number] = _role(found, number)
    if not found.ranked:
        click.echo("nothing: no name, label or report points at any")
    return taken


def _role(found: "Proposals", number: int) -> str:
    """The role of what has none: no name said what it is to the books."""
    from nhigraph.schema.claims import FS_ROLES

    if found.ranked[number - 1].role != "unknown":
        return ""
    said: str = asking.prompt(
        "what is it to the books?", type=click.Choice(FS_ROLES), default="key_report"
    )
    return said


def _basis() -> str:
    click.echo("\nWhose financial statements are these for?")
    for word, sentence in _BASES:
        click.echo(f"  {word:<12} {sentence}")
    said: str = asking.prompt(
        "icfr_basis", type=click.Choice([word for word, _ in _BASES]), default="own"
    )
    return said
