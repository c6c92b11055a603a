"""The sample company that comes with the package."""

from pathlib import Path

import nhigraph
from nhigraph.errors import NoInputError

SAMPLE = "samples/ledgerline"


def sample() -> Path:
    """Folder of the sample: inside an installed package, or in the checkout beside it.

    Raises:
        NoInputError: The package was installed without its data.
    """
    package = Path(nhigraph.__file__).parent
    for root in (package / "_data", package.parent):
        if (root / SAMPLE).is_dir():
            return root / SAMPLE
    raise NoInputError("the sample is not installed: install the wheel or use a checkout")
