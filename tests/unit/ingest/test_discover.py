"""From paths to documents: names, limits, what is left out, checkouts."""

import json
import os
from pathlib import Path

import pytest

from nhigraph.errors import UsageError
from nhigraph.ingest import remotes
from nhigraph.ingest.coverage import Status
from nhigraph.ingest.discover import Discovered, discover


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")


def names(found: Discovered) -> list[str]:
    return [doc.artifact for doc in found.documents]


def remarks(found: Discovered) -> dict[str, str]:
    return {line.artifact: line.problem.reason for line in found.skipped if line.problem}


def test_documents_are_named_from_the_folder_given_and_sorted(tmp_path: Path) -> None:
    """No part of the path above the input appears."""
    put(tmp_path / "in", "b.json", "a/z.json", "a/b/c.yaml")
    put(tmp_path, "lone.json")

    found = discover([tmp_path / "in", tmp_path / "lone.json"])

    assert names(found) == ["a/b/c.yaml", "a/z.json", "b.json", "lone.json"]
    assert found.explicit == {"lone.json"}
    assert found.skipped == ()


def test_files_of_one_name_are_told_apart_by_their_folder(tmp_path: Path) -> None:
    """And by a number where even the folders are called alike; nothing is lost."""
    put(tmp_path, "x/a.json", "y/a.json", "p/x/a.json", "y/b.json")

    found = discover([tmp_path / "x", tmp_path / "y", tmp_path / "p" / "x"])

    assert names(found) == ["b.json", "x/a.json", "x~2/a.json", "y/a.json"]


@pytest.mark.parametrize("turned", [False, True])
def test_a_file_given_twice_is_one_document(tmp_path: Path, turned: bool) -> None:
    """Alone and inside its folder, in any order: it keeps its place and was named."""
    put(tmp_path, "in/a/b.json")
    inputs = [tmp_path / "in", tmp_path / "in" / "a" / "b.json"]

    found = discover(inputs[::-1] if turned else inputs)

    assert names(found) == ["a/b.json"]
    assert found.explicit == {"a/b.json"}


def test_links_special_files_and_tool_folders_each_have_a_line(tmp_path: Path) -> None:
    """Nothing is left out silently, and nothing outside is read."""
    put(
        tmp_path, "outside/secret.json", "in/a.json", "in/node_modules/p/a.json", "in/.venv/x.json"
    )
    os.mkfifo(tmp_path / "in" / "pipe.json")
    (tmp_path / "in" / "link.json").symlink_to(tmp_path / "outside" / "secret.json")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "outside")
    (tmp_path / "in" / "again").symlink_to(tmp_path / "in")

    found = discover([tmp_path / "in"])

    assert names(found) == ["a.json"]
    assert remarks(found) == {
        ".venv": "folders named .venv are not read",
        "again": "symbolic link, not followed",
        "folder": "symbolic link, not followed",
        "link.json": "symbolic link, not followed",
        "node_modules": "folders named node_modules are not read",
        "pipe.json": "named pipe, not opened",
    }
    assert not any(line.bad for line in found.skipped)


def test_an_input_that_is_not_there_or_is_no_file_is_a_fault(tmp_path: Path) -> None:
    """It was asked for by name; the others are read."""
    put(tmp_path, "a.json")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "self").symlink_to(tmp_path / "self")

    found = discover([tmp_path / n for n in ("a.json", "gone.json", "pipe", "self")])

    assert names(found) == ["a.json"]
    assert [line.artifact for line in found.skipped] == ["gone.json", "pipe", "self"]
    assert all(line.status is Status.UNREADABLE and line.bad for line in found.skipped)


def test_a_link_that_is_itself_the_input_is_followed(tmp_path: Path) -> None:
    """The user named it; only what lies below is not trusted."""
    put(tmp_path, "real/a.json")
    (tmp_path / "named").symlink_to(tmp_path / "real")

    assert names(discover([tmp_path / "named"])) == ["a.json"]


def test_an_output_folder_of_nhigraph_is_no_input(tmp_path: Path) -> None:
    """Other tools' manifests are read: dbt has one of the same name, even if it says nhigraph."""
    put(tmp_path, "out/coverage.json", "out/graph/nodes.parquet", "dbt/x.json")
    (tmp_path / "out" / "manifest.json").write_text(json.dumps({"nhigraph": "0.1.0"}))
    (tmp_path / "dbt" / "manifest.json").write_text(json.dumps({"nodes": {"nhigraph": {}}}))

    found = discover([tmp_path])

    assert names(found) == ["dbt/manifest.json", "dbt/x.json"]
    assert remarks(found) == {"out": "an output folder of nhigraph itself is no input"}


def test_more_files_than_allowed_are_not_read_and_that_is_a_fault(tmp_path: Path) -> None:
    """An incomplete reading is never silent."""
    put(tmp_path / "in", *(f"{n}.json" for n in range(5)))

    found = discover([tmp_path / "in"], most_files=3)

    assert len(found.documents) == 3
    (line,) = found.skipped
    assert line.bad
    assert remarks(found) == {"in": "more than 3 files: the rest is not read"}


def test_a_name_that_is_no_text_is_shown_as_its_bytes(tmp_path: Path) -> None:
    """Every artifact can be printed and written as UTF-8."""
    folder = os.fsencode(tmp_path)
    with open(folder + b"/caf\xe9.json", "w") as stream:  # noqa: PTH123 - a name of bytes
        stream.write("{}")

    (doc,) = discover([tmp_path]).documents

    assert doc.artifact == "caf\\xe9.json"
    assert doc.content == {}


def test_a_folder_that_may_not_be_listed_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the operating system's reason; root reads every folder, so the refusal is staged."""
    put(tmp_path, "in/closed/a.json")
    listed = os.scandir

    def refuse(path: os.PathLike[str] | str) -> "os._ScandirIterator[str]":
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", refuse)

    found = discover([tmp_path / "in"])

    assert found.skipped[0].bad


# --- checkouts ---------------------------------------------------------------------------------


def remote(folder: Path, url: str) -> None:
    (folder / ".git").mkdir(parents=True, exist_ok=True)
    text = f'[core]\n\tbare = false\n[remote "up"]\n\turl = x\n[remote "origin"]\n\turl = {url}\n'
    (folder / ".git" / "config").write_text(text)


def places(found: Discovered) -> dict[str, tuple[str, str] | None]:
    return {
        doc.artifact: (doc.checkout.repository, doc.checkout.path) if doc.checkout else None
        for doc in found.documents
    }


def test_a_file_belongs_to_the_nearest_checkout_inside_the_input(tmp_path: Path) -> None:
    """Named by its origin on GitHub, else by its folder; files outside belong to none."""
    put(tmp_path, "all/shop/.github/workflows/ci.yml", "all/shop/dbt/x.yml", "all/loose.yml")
    put(tmp_path, "all/shop/vendor/lib/.github/workflows/ci.yml")
    remote(tmp_path / "all" / "shop", "git@github.com:acme/erp.git")

    assert places(discover([tmp_path / "all"])) == {
        "loose.yml": None,
        "shop/.github/workflows/ci.yml": ("acme/erp", ".github/workflows/ci.yml"),
        "shop/dbt/x.yml": ("acme/erp", "dbt/x.yml"),
        "shop/vendor/lib/.github/workflows/ci.yml": (
            "acme/erp",
            "vendor/lib/.github/workflows/ci.yml",
        ),
    }


@pytest.mark.parametrize("turned", [False, True])
def test_a_folder_inside_a_checkout_is_one_where_it_has_git_or_was_given(
    tmp_path: Path, turned: bool
) -> None:
    """A vendored copy with workflows is a part of the checkout around it."""
    for name in ("copy", "own", "named"):
        put(tmp_path, f"erp/vendor/{name}/.github/workflows/ci.yml")
    put(tmp_path, "erp/.github/workflows/ci.yml")
    remote(tmp_path / "erp", "git@github.com:acme/erp.git")
    remote(tmp_path / "erp/vendor/own", "git@github.com:acme/own.git")
    inputs = [tmp_path / "erp", tmp_path / "erp" / "vendor" / "named"]

    found = set(places(discover(inputs[::-1] if turned else inputs)).values())

    assert found == {
        ("acme/erp", ".github/workflows/ci.yml"),
        ("acme/erp", "vendor/copy/.github/workflows/ci.yml"),
        ("acme/own", ".github/workflows/ci.yml"),
        ("local/named", ".github/workflows/ci.yml"),
    }


def test_the_name_the_user_gives_goes_before_the_remote_and_not_to_inner_checkouts(
    tmp_path: Path,
) -> None:
    """``--repo`` speaks of the checkout that was given."""
    put(tmp_path, "erp/a.yml", "erp/sub/.github/workflows/ci.yml", "plain/b.yml")
    remote(tmp_path / "erp", "https://github.com/acme/old.git")

    assert places(discover([tmp_path / "erp"], repo="acme/new")) == {
        "a.yml": ("acme/new", "a.yml"),
        "sub/.github/workflows/ci.yml": ("acme/new", "sub/.github/workflows/ci.yml"),
    }
    assert places(discover([tmp_path / "plain"], repo="acme/new")) == {
        "b.yml": ("acme/new", "b.yml")
    }


def test_the_name_goes_to_the_only_checkout_inside_a_folder(tmp_path: Path) -> None:
    """A folder of a checkout and of exports about it; of two checkouts it can name neither."""
    put(tmp_path, "in/shop/.github/workflows/ci.yml", "in/exports/secrets.json")
    put(tmp_path, "in/shop/vendor/.github/workflows/ci.yml")

    assert places(discover([tmp_path / "in"], repo="acme/erp")) == {
        "exports/secrets.json": ("acme/erp", "exports/secrets.json"),
        "shop/.github/workflows/ci.yml": ("acme/erp", ".github/workflows/ci.yml"),
        "shop/vendor/.github/workflows/ci.yml": ("acme/erp", "vendor/.github/workflows/ci.yml"),
    }
    put(tmp_path, "in/other/.github/workflows/ci.yml")
    found = places(discover([tmp_path / "in"], repo="acme/erp"))
    assert found["shop/.github/workflows/ci.yml"] == ("local/shop", ".github/workflows/ci.yml")
    assert found["other/.github/workflows/ci.yml"] == ("local/other", ".github/workflows/ci.yml")


@pytest.mark.parametrize(
    ("folders", "inputs", "expected"),
    [
        (("a/jobs", "b/jobs"), (".",), ("[a]local/jobs", "[b]local/jobs")),
        (("a/jobs", "b/jobs"), ("a/jobs", "b/jobs"), ("[a]local/jobs", "[b]local/jobs")),
        (("a/jobs", "b/jobs"), ("b/jobs", "a/jobs"), ("[a]local/jobs", "[b]local/jobs")),
        (("a/x/jobs", "a/y/jobs"), (".",), ("[a/x]local/jobs", "[a/y]local/jobs")),
        (("a/jobs", "b/other"), (".",), ("local/jobs", "local/other")),
    ],
    ids=["one folder", "two inputs", "turned round", "deeper", "two names"],
)
def test_checkouts_of_one_folder_name_are_told_apart_by_their_places(
    tmp_path: Path, folders: tuple[str, ...], inputs: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    """No remote says what they are: both get the shortest place that the other one has not."""
    for folder in folders:
        put(tmp_path, f"{folder}/.github/workflows/ci.yml")
    found = discover([tmp_path / given for given in inputs])
    repositories = {one.checkout.repository for one in found.documents if one.checkout is not None}
    assert repositories == set(expected)


def test_two_checkouts_of_one_remote_are_one_repository(tmp_path: Path) -> None:
    """The remote is the evidence; which of two copies of a file is newer, nobody asks."""
    for folder in ("a/erp", "b/erp"):
        put(tmp_path, f"{folder}/.github/workflows/ci.yml")
        remote(tmp_path / folder, "https://github.com/acme/erp.git")
    found = discover([tmp_path])
    repositories = {one.checkout.repository for one in found.documents if one.checkout is not None}
    assert repositories == {"acme/erp"}


def test_a_part_of_a_checkout_given_alone_keeps_its_place(tmp_path: Path) -> None:
    """By its path alone: nothing above the input is read, the remote neither."""
    put(tmp_path, "erp/.github/workflows/ci.yml")
    remote(tmp_path / "erp", "https://github.com/acme/erp.git")
    expected = ("local/erp", ".github/workflows/ci.yml")

    for part in (".github", ".github/workflows", ".github/workflows/ci.yml"):
        (place,) = places(discover([tmp_path / "erp" / part])).values()
        assert expected == place


def test_a_remote_behind_a_link_is_not_read(tmp_path: Path) -> None:
    """The link may lead outside the input."""
    put(tmp_path, "erp/.github/workflows/ci.yml")
    remote(tmp_path / "other", "https://github.com/acme/other.git")
    (tmp_path / "erp" / ".git").symlink_to(tmp_path / "other" / ".git")

    (place,) = places(discover([tmp_path / "erp"])).values()

    assert place == ("local/erp", ".github/workflows/ci.yml")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com/acme/erp.git", "acme/erp"),
        ("https://github.com/acme/erp", "acme/erp"),
        ("https://github.com/acme/erp/", "acme/erp"),
        ("https://user:CANARY-not-a-secret-1@github.com/acme/erp.git", "acme/erp"),
        ("git@github.com:acme/erp.git", "acme/erp"),
        ("ssh://git@github.com/acme/erp.git", "acme/erp"),
        ("ssh://git@ssh.github.com:443/acme/erp.git", "acme/erp"),
        ("git://github.com/acme/my.site", "acme/my.site"),
        ("HTTPS://GitHub.com/Acme/ERP", "Acme/ERP"),
        ("git@github.com:mona_acme/erp.git", "mona_acme/erp"),
        ("https://github.com.evil.example/acme/erp", None),
        ("https://evil.example/github.com/acme/erp", None),
        ("https://git.acme.example/acme/erp.git", None),
        ("https://github.com/acme/erp/extra", None),
        ("/srv/git/erp.git", None),
    ],
)
def test_a_remote_names_a_repository_only_if_it_is_on_github(url: str, name: str | None) -> None:
    """Every way to write it gives one name, and never a credential."""
    assert name == remotes.github_name(url)


@pytest.mark.parametrize(
    "name",
    ["acme/erp", "Acme-1/ERP", "mona_acme/my.site", "a/.github", "a/_", f"{'a' * 39}/{'b' * 100}"],
)
def test_a_name_that_github_allows_is_taken_as_it_is(tmp_path: Path, name: str) -> None:
    """Managed users have an underscore, repositories a dot, even in front."""
    put(tmp_path, "plain/b.yml")
    assert places(discover([tmp_path / "plain"], repo=name)) == {"b.yml": (name, "b.yml")}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", None),
        ("books", None),
        ("/books", None),
        ("acme/", None),
        ("acme/..", None),
        ("a/b/c", None),
        ("acme books/erp", None),
        ("acme/erp\n", None),
        ("-acme/erp", None),
        ("acme/bücher", None),
        (f"{'a' * 40}/erp", None),
        (f"acme/{'b' * 101}", None),
        ("https://git.acme.example/acme/erp", None),
        ("https://u:CANARY-not-a-secret-2@github.com/acme/erp/tree/main", None),
        ("acme/erp.git", "acme/erp"),
        ("acme/erp/", "acme/erp"),
        ("https://github.com/acme/erp", "acme/erp"),
        ("git@github.com:acme/erp.git", "acme/erp"),
        ("https://u:CANARY-not-a-secret-2@github.com/acme/erp.git", "acme/erp"),
    ],
)
def test_what_is_no_name_of_a_repository_is_wrong_usage(
    tmp_path: Path, text: str, meant: str | None
) -> None:
    """With the right spelling where an address says it, and never a credential of it."""
    put(tmp_path, "plain/b.yml")
    with pytest.raises(UsageError) as raised:
        discover([tmp_path / "plain"], repo=text)
    hint = f": write {meant}" if meant else ", such as acme/books"
    assert str(raised.value) == f"--repo: expected OWNER/NAME of a repository on GitHub{hint}"


@pytest.mark.parametrize(
    ("url", "pipelines", "name"),
    [
        ("https://gitlab.com/acme/data/erp.git", False, "gitlab:gitlab.com/acme/data/erp"),
        ("git@gitlab.com:Acme/ERP.git", False, "gitlab:gitlab.com/acme/erp"),
        ("ssh://git@altssh.gitlab.com:443/acme/erp.git", False, "gitlab:gitlab.com/acme/erp"),
        ("https://u:CANARY-not-a-secret-3@gitlab.com/a/b", False, "gitlab:gitlab.com/a/b"),
        ("https://gitlab.com/a/b.js/", False, "gitlab:gitlab.com/a/b.js"),
        ("ssh://git@code.acme.example:2222/a/b/c/d.git", True, "gitlab:code.acme.example/a/b/c/d"),
        ("git@code.acme.example:a/b.git", True, "gitlab:code.acme.example/a/b"),
        ("https://code.acme.example/a/b", False, None),
        ("https://gitlab.com/acme", False, None),
        ("https://bitbucket.org/a/b", True, None),
        ("https://github.com/a/b", True, "a/b"),
        ("/srv/git/a/b.git", True, None),
    ],
)
def test_a_remote_names_a_project_on_gitlab_where_it_is_one(
    url: str, name: str | None, *, pipelines: bool
) -> None:
    """Of other servers a configuration of pipelines says it; a port is not the server's."""
    assert name == remotes.name(url, runs_pipelines=pipelines)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("gitlab:gitlab.com/Acme/data/ERP", "gitlab:gitlab.com/acme/data/erp"),
        ("gitlab:code.acme.example/a/b", "gitlab:code.acme.example/a/b"),
    ],
)
def test_a_project_on_gitlab_is_given_by_its_key(tmp_path: Path, text: str, name: str) -> None:
    put(tmp_path, "plain/b.yml")
    assert places(discover([tmp_path / "plain"], repo=text)) == {"b.yml": (name, "b.yml")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gitlab:gitlab.com/acme", "expected gitlab:HOST/GROUP/NAME"),
        ("gitlab:github.com/acme/erp", "expected gitlab:HOST/GROUP/NAME"),
        ("gitlab:gitlab.com/acme/../erp", "expected gitlab:HOST/GROUP/NAME"),
        ("https://gitlab.com/acme/erp", ": write gitlab:gitlab.com/acme/erp"),
        ("https://u:CANARY-not-a-secret-4@gitlab.com/a/b.git", ": write gitlab:gitlab.com/a/b"),
    ],
)
def test_what_is_no_key_of_a_project_on_gitlab_is_wrong_usage(
    tmp_path: Path, text: str, said: str
) -> None:
    put(tmp_path, "plain/b.yml")
    with pytest.raises(UsageError) as raised:
        discover([tmp_path / "plain"], repo=text)
    assert said in str(raised.value)
    assert "CANARY" not in str(raised.value)


def test_a_checkout_with_pipelines_alone_is_one_of_gitlab_and_two_are_told_apart(
    tmp_path: Path,
) -> None:
    put(tmp_path, "one/erp/.gitlab-ci.yml", "two/erp/.gitlab-ci.yml", "erp2/.gitlab-ci.yml")
    put(tmp_path, "both/.gitlab-ci.yml", "both/.github/workflows/a.yml")
    found = places(discover([tmp_path]))
    assert {place[0] for place in found.values() if place} == {
        "gitlab[one]:local/erp",
        "gitlab[two]:local/erp",
        "gitlab:local/erp2",
        "local/both",
    }
    alone = places(discover([tmp_path / "erp2" / ".gitlab-ci.yml"]))
    assert [*alone.values()] == [("gitlab:local/erp2", ".gitlab-ci.yml")]


def test_documents_of_one_checkout_see_each_other_and_no_others(tmp_path: Path) -> None:
    put(tmp_path, "one/.gitlab-ci.yml", "one/ci/x.yml", "two/.gitlab-ci.yml", "x.yml")
    found = {doc.artifact: doc for doc in discover([tmp_path]).documents}
    one = found["one/.gitlab-ci.yml"]
    assert one.beside("ci/x.yml") is found["one/ci/x.yml"]
    assert one.beside("../two/.gitlab-ci.yml") is None
    assert sorted(one.neighbours) == [".gitlab-ci.yml", "ci/x.yml"]
    assert found["x.yml"].beside("x.yml") is None
