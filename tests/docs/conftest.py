"""The folder that the pages speak of: a checkout with the sample, assessed once."""

import shutil
from pathlib import Path

import pytest

from tests.docs.command import nhigraph
from tests.sample import FOLDER, REPOSITORY

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def assessed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``samples``, ``queries`` and, of an assessment, ``nhigraph-out``.

    ``exports`` holds the sample's inputs as a company of one's own would have them, with a
    checkout whose remote says its name, and ``scope.yaml`` its scope. Nobody writes here.
    """
    folder = tmp_path_factory.mktemp("pages")
    shutil.copytree(FOLDER, folder / "samples" / "ledgerline")
    shutil.copytree(ROOT / "queries", folder / "queries")
    exports = folder / "exports"
    shutil.copytree(FOLDER / "warehouse", exports / "warehouse")
    shutil.copy(FOLDER / "exports" / "erp.postgres.json", exports)
    shutil.copy(FOLDER / "exports" / "organization.json", exports)
    shutil.copytree(FOLDER / "exports" / "aws", exports / "aws")
    shutil.copytree(FOLDER / "exports" / "github", exports / "warehouse" / "github")
    remote = f'[remote "origin"]\n\turl = https://github.com/{REPOSITORY}.git\n'
    (exports / "warehouse" / ".git").mkdir()
    (exports / "warehouse" / ".git" / "config").write_text(remote, encoding="utf-8")
    shutil.copy(FOLDER / "scope.yaml", folder / "scope.yaml")
    ran = nhigraph("assess", "exports", "--scope", "scope.yaml", cwd=folder)
    assert ran.code == 0, ran.err
    return folder
