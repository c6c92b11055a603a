"""Same input, same bytes: two runs, two hash seeds, two locales, two folders."""

from pathlib import Path

from tests.e2e.command import contents, nhigraph
from tests.sample import ARGUMENTS, FOLDER


def test_two_runs_hash_seeds_and_locales_write_identical_folders(tmp_path: Path) -> None:
    """Not one byte of the output folder depends on where, when or under what it was made."""
    runs = {
        "first": {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"},
        "second": {"PYTHONHASHSEED": "4711", "LC_ALL": "C.UTF-8", "TZ": "Pacific/Apia"},
    }
    for name, environment in runs.items():
        folder = tmp_path / name
        folder.mkdir()
        ran = nhigraph("assess", *ARGUMENTS, "--out", "out", cwd=folder, **environment)
        assert ran.code == 0, ran.err
    first, second = (contents(tmp_path / name / "out") for name in runs)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_outputs_name_no_folder_of_the_machine(tmp_path: Path) -> None:
    """No host path in any text file."""
    ran = nhigraph("assess", *ARGUMENTS, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    places = [str(tmp_path).encode(), str(FOLDER.parent.parent).encode()]
    for name, data in contents(tmp_path / "out").items():
        assert not any(place in data for place in places), name
