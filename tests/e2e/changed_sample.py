"""A copy of the sample company, to be changed and assessed."""

from pathlib import Path

from tests.e2e.command import inside
from tests.sample import ARGUMENTS, FOLDER


def assessed(folder: Path) -> Path:
    """The output folder, beside the copy, of a copy of the sample."""
    out = folder.parent / "out"
    arguments = [
        folder / argument.relative_to(FOLDER) if isinstance(argument, Path) else argument
        for argument in ARGUMENTS
    ]
    ran = inside("assess", *arguments, "--out", out)
    assert ran.code == 0, ran.err
    return out
