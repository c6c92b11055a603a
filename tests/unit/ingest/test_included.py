"""Records of a file that another one includes are counted where they stand."""

from pathlib import Path

from nhigraph.app.collect import collect

MAIN = (
    "include: {local: more.yml}\nbuild: {script: [make]}\ndown: {trigger: {include: child.yml}}\n"
)
JOB = "%s: {script: [./run.sh]}\n"


def counted(folder: Path, **files: str) -> dict[str, tuple[int, int, int, int]]:
    checkout = folder / "erp"
    (checkout / ".git").mkdir(parents=True)
    for name, text in {".gitlab-ci.yml": MAIN, **files}.items():
        (checkout / name).write_text(text)
    return {
        Path(one.artifact).name: (one.records, one.accepted, one.merged, one.quarantined)
        for one in collect([folder], repo="acme/erp").coverage.documents
        if one.source == "gitlab_ci"
    }


def test_no_document_has_fewer_records_than_none(tmp_path: Path) -> None:
    found = counted(tmp_path, **{"more.yml": JOB % "a", "child.yml": JOB % "b"})
    assert found.keys() == {".gitlab-ci.yml", "more.yml", "child.yml"}
    for records, accepted, merged, quarantined in found.values():
        assert min(accepted, merged, quarantined) >= 0
        assert records == accepted + merged + quarantined > 0


def test_a_job_more_in_an_included_file_is_counted_there(tmp_path: Path) -> None:
    few = counted(tmp_path / "1", **{"more.yml": JOB % "a", "child.yml": JOB % "b"})
    many = counted(tmp_path / "2", **{"more.yml": JOB % "a" + JOB % "c", "child.yml": JOB % "b"})
    assert many["more.yml"][0] > few["more.yml"][0]
    assert many["child.yml"] == few["child.yml"]
