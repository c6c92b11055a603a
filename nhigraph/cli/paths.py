"""Files and folders as they are typed."""

from pathlib import Path
from typing import Any

import click


class _Named(click.Path):
    """A path with a name: an empty one would be the folder somebody happens to stand in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - as click has it
        """The path.

        Raises:
            click.BadParameter: It is empty.
        """
        if value == "":
            self.fail("expected a name, and this is empty: is a variable not set?", param, ctx)
        return super().convert(value, param, ctx)


#: A file or a folder; and what is no folder.
PATH = _Named(path_type=Path)
FILE = _Named(path_type=Path, dir_okay=False)
