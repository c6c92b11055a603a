"""The output folder: what may be replaced, and what may not."""

import json
from pathlib import Path

import pytest

from nhigraph.app import folder
from nhigraph.errors import UsageError


def _written(out: Path, *names: str) -> None:
    with folder.replaced(out) as fresh:
        digests = {name: folder.write(fresh, name, name) for name in names}
        (fresh / "graph").mkdir()
        manifest = {"nhigraph": "assess/1", "outputs": digests}
        folder.write(fresh, folder.MARK, json.dumps(manifest))


def test_what_an_earlier_run_wrote_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    _written(out, "a.csv", "b.csv")
    _written(out, "c.csv")
    assert sorted(path.name for path in out.iterdir()) == ["c.csv", "graph", "manifest.json"]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("notes.txt", "mine", "a file beside our own"),
        ("manifest.json", "[1]", "a manifest that is no object"),
        ("manifest.json", '{"nhigraph": 1}', "a manifest whose form is no text"),
        ("manifest.json", '{"name": "app"}', "the manifest of something else"),
        ("manifest.json", "{", "a manifest that cannot be read"),
    ],
)
def test_what_is_not_ours_stops_the_run(name: str, text: str, why: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    _written(out, "a.csv")
    (out / name).write_text(text)
    with pytest.raises(UsageError):
        _written(out, "b.csv")
    assert (out / name).read_text() == text, why
    assert (out / "a.csv").exists(), why


@pytest.mark.parametrize("outputs", [None, ["a.csv"], "a.csv"])
def test_a_manifest_without_a_table_of_outputs_owns_only_itself_and_the_graph(
    outputs: object, tmp_path: Path
) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"nhigraph": "x/1", "outputs": outputs}))
    assert folder.written(tmp_path) == {"manifest.json", "graph"}


def test_a_link_and_a_file_are_no_folder_to_write_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "file").write_text("x")
    for name in ("link", "file"):
        with pytest.raises(UsageError, match=f"{name}: --out must name a folder"):
            _written(tmp_path / name)


def test_an_error_while_writing_leaves_the_old_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    _written(out, "a.csv")

    def interrupted() -> None:
        with folder.replaced(out) as fresh:
            folder.write(fresh, "b.csv", "half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert sorted(path.name for path in out.iterdir()) == ["a.csv", "graph", "manifest.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_text_without_utf8_is_spelt_and_its_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    digest = folder.write(tmp_path, "x", "a\ud800")
    assert (tmp_path / "x").read_bytes() == b"a\\ud800"
    assert len(digest) == 64
