"""A secret in any field of any fixture of dbt, GitHub, GitLab and PostgreSQL stands in no output.

Fixtures are those of the sources' own tests. Each field of a source is planted twice on every
change; ``make nightly`` plants every text of every document, and every name of a member, in each
form and way.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.e2e import planter
from tests.e2e.canaries import CUT_OFF, content, found, value
from tests.e2e.command import nhigraph
from tests.e2e.planter import Place

#: Sources, and how many fields their fixtures have at least.
SOURCES = {"dbt": 150, "github_actions": 150, "gitlab": 120, "postgres": 80}
#: Documents of one run.
_MOST = 400
_SCOPE = """\
nhigraph: scope/1
organization: Acme
commitments: [S, C]
as_of: 2026-11-23
targets:
- {id: t, family: trust-service, commitments: [C], select: [{key: "dataset:*"}]}
"""
Planting = tuple[Place, str, str]


def _shown(folder: Path, plantings: Sequence[tuple[Place, str, str]]) -> dict[int, list[str]]:
    """Outputs in which the canary of a planting stands, by its number."""
    for number, (place, secret, way) in enumerate(plantings, 1):
        text = planter.planted(place, secret.format(value(number)), way)
        planter.write(folder / "in", number, place, text)
    (folder / "scope.yaml").write_text(_SCOPE)
    ran = nhigraph("assess", "in", "--scope", "scope.yaml", "--out", "out", cwd=folder)
    assert ran.code == 0, ran.err[-2000:]
    outputs = {"stdout": ran.out.encode(), "stderr": ran.err.encode()}
    files = (path for path in sorted((folder / "out").rglob("*")) if path.is_file())
    outputs |= {str(path.relative_to(folder)): content(path) for path in files}
    shown: dict[int, list[str]] = {}
    for name, data in outputs.items():
        for number in found(data) - {CUT_OFF}:  # fixtures have canaries of their own
            shown.setdefault(number, []).append(name)
    return shown


def _leaks(folder: Path, plantings: Sequence[Planting]) -> Iterator[str]:
    for start in range(0, len(plantings), _MOST):
        batch = plantings[start : start + _MOST]
        run = folder / f"from-{start}"
        run.mkdir()
        texts = [(place, planter.FORMS[form], way) for place, form, way in batch]
        for number, outputs in sorted(_shown(run, texts).items()):
            place, form, way = batch[number - 1]
            at = f"{place.document.parent.name}/{place.document.name}"
            where = "a name" if place.name else way
            yield f"{at} {'/'.join(place.path)} ({form}, {where}): {', '.join(outputs)}"


@pytest.mark.parametrize("source", SOURCES)
def test_no_secret_in_any_field_of_a_source_is_shown(source: str, tmp_path: Path) -> None:
    plantings = planter.chosen(source, every=False)
    assert len(plantings) >= 2 * SOURCES[source]
    assert list(_leaks(tmp_path, plantings)) == []


@pytest.mark.nightly
@pytest.mark.parametrize("source", SOURCES)
def test_no_secret_in_any_text_of_any_fixture_is_shown(source: str, tmp_path: Path) -> None:
    assert list(_leaks(tmp_path, planter.chosen(source, every=True))) == []


@pytest.mark.parametrize("source", SOURCES)
def test_what_is_no_secret_is_shown_from_the_same_fields(source: str, tmp_path: Path) -> None:
    """Were a secret not cut, it would be seen."""
    places = [place for place, _, _ in planter.chosen(source, every=False)[::2]]
    assert len(_shown(tmp_path, [(place, "{}", "behind") for place in places])) >= 10
