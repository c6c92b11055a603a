"""Questions to a person.

While one is thought about nothing may be drawn: a question is written past what watches the
streams (``input`` and ``getpass`` write to the terminal themselves).
"""

from typing import Any

import click

from nhigraph.cli.progress import ended


def prompt(text: str, **options: Any) -> Any:  # noqa: ANN401 - as click has it
    """As ``click.prompt``."""
    ended()
    return click.prompt(text, **options)


def confirm(text: str, **options: Any) -> bool:  # noqa: ANN401 - as click has it
    """As ``click.confirm``."""
    ended()
    return click.confirm(text, **options)
