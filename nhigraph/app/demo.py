"""The sample company that comes with the package."""

from pathlib import Path

from nhigraph.app.assess import Request
from nhigraph.app.bundled import bundled

SAMPLE = "samples/ledgerline"
#: Name of the sample's checkout, which has no remote to say it.
REPOSITORY = "ledgerline/warehouse"


def sample() -> Path:
    """Folder of the sample.

    Raises:
        NoInputError: The package was installed without its data.
    """
    return bundled(SAMPLE)


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
