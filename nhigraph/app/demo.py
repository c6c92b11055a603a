"""The sample company that comes with the package."""

from pathlib import Path

from nhigraph.app.assess import Request
from nhigraph.errors import NoInputError

SAMPLE = "samples/ledgerline"
#: Name of the sample's checkout, which has no remote to say it.
REPOSITORY = "ledgerline/warehouse"


def sample() -> Path:
    """Folder of the sample: inside an installed package, or in the checkout beside it.

    Raises:
        NoInputError: The package was installed without its data.
    """
    package = Path(__file__).parents[1]
    for root in (package / "_data", package.parent):
        if (root / SAMPLE).is_dir():
            return root / SAMPLE
    raise NoInputError("the sample is not installed: install the wheel or use a checkout")


def inputs() -> list[Path]:
    """The sample's checkout and its exports."""
    return [sample() / "warehouse", sample() / "exports"]


def request(out: Path) -> Request:
    """What ``assess`` is asked for on the sample."""
    folder = sample()
    return Request(
        inputs=inputs(),
        scope=folder / "scope.yaml",
        out=out,
        repo=REPOSITORY,
    )
