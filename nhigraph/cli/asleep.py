"""What a command says where nothing is held because of what was asked about."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nhigraph.app.judged import Judged


def asleep(judged: "Judged", *keys: str) -> None:
    """Say on standard error which of the nodes and targets asked about hold nothing on the day."""
    from nhigraph.assurance.inactive import ADVICE, inactive
    from nhigraph.output import printable

    for said in dict.fromkeys(inactive(judged.estate, key) for key in keys):
        if said:
            click.echo(printable(f"{said}; {ADVICE}"), err=True)


def lost(judged: "Judged", key: str) -> None:
    """Say on standard error what became of a target that no node supports."""
    from nhigraph.assurance.lacking import lack
    from nhigraph.output import printable

    for target in judged.estate.targets:
        if target.key == key and target.dead:
            said = f"{key} was {lack(target)}: nobody is cleared of it"
            click.echo(printable(said), err=True)
