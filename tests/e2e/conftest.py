"""The sample company, assessed once for all who only read what comes out."""

from pathlib import Path

import pytest

from tests.e2e.command import nhigraph
from tests.sample import ARGUMENTS


@pytest.fixture(scope="session")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder; nobody writes into it."""
    folder = tmp_path_factory.mktemp("sample") / "out"
    ran = nhigraph("assess", *ARGUMENTS, "--out", folder)
    assert ran.code == 0, ran.err
    return folder
