"""The sample company as the command line is given it."""

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "samples" / "ledgerline"
SCOPE = FOLDER / "scope.yaml"
INPUTS = (FOLDER / "warehouse", FOLDER / "exports")
REPOSITORY = "ledgerline/warehouse"
#: Arguments of ``assess`` and ``build`` after the command.
ARGUMENTS = (*INPUTS, "--scope", SCOPE, "--repo", REPOSITORY)
