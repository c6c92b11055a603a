"""What comes with the package beside its code."""

from pathlib import Path

from nhigraph.errors import NoInputError


def bundled(name: str) -> Path:
    """A folder of the distribution: inside an installed package, or in the checkout beside it.

    Args:
        name: Its path in the checkout.

    Raises:
        NoInputError: The package was installed without its data.
    """
    package = Path(__file__).parents[1]
    for root in (package / "_data", package.parent):
        if (root / name).is_dir():
            return root / name
    what = name.rpartition("/")[2]
    raise NoInputError(f"{what} is not installed: install the wheel or use a checkout")
