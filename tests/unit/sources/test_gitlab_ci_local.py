"""What comes out of several files, and which jobs a run has, against gitlab-ci-local."""

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from nhigraph.ingest.discover import discover
from nhigraph.policy.gitlab_ci.conditions import UNKNOWN, Values
from nhigraph.policy.gitlab_ci.runs import Kind
from nhigraph.sources.gitlab_ci.compose import compose
from nhigraph.sources.gitlab_ci.model import Job, Pipeline, home
from nhigraph.sources.gitlab_ci.tree import Part, flat
from tests.unit.sources import gitlab_runner
from tests.unit.sources.gitlab_views import cases, written

pytestmark = pytest.mark.xdist_group("gitlab_ci_local")

#: Where it does otherwise than GitLab's documentation says, or takes no file: the case, and why.
APART = {
    "an_input_that_nobody_gives_stays_open": "an input must be given",
    "include_that_a_rule_may_take_in": "of a variable that nobody set it says it is not there",
}
SCRIPTS = ("before_script", "script", "after_script")


def _comparable() -> list[str]:
    found = []
    for name, case in cases("composed").items():
        text = case["main"] + "".join(case.get("files", {}).values())
        outside = any(one in text for one in ("project:", "component:", "https://", "template:"))
        made = any(one in text for one in ("trigger:", "run:", "merged_yaml", "gone.yml"))
        if "invalid" not in case and not outside and not made and name not in APART:
            found.append(name)
    return found


def _unknown(name: str) -> Values:
    return UNKNOWN


def pipeline(folder: Path) -> Pipeline:
    """The pipeline as the source puts it together."""
    documents = {one.artifact: one for one in discover([folder]).documents}
    doc = documents[".gitlab-ci.yml"]
    return Pipeline(home(doc.checkout), compose(doc, ".gitlab-ci.yml", _unknown), doc)


def ours(job: Job) -> dict[str, object]:
    """A job's keywords in the form in which they are compared."""
    said: dict[str, object] = {
        one: [line.text for line in flat(job.get(one))] for one in SCRIPTS if job.get(one).value
    }
    image = job.get("image")
    said["image"] = image.text or image.get("name").text
    said["services"] = [
        [one.text or one.get("name").text, one.get("alias").text]
        for one in job.get("services").items
    ]
    said["variables"] = _variables(job.part.get("variables"))
    said["rules"] = [_plain(one) for one in _rules(job.part.get("rules"))]
    return {name: value for name, value in said.items() if value}


def _rules(part: Part) -> list[Part]:
    found: list[Part] = []
    for one in part.items:
        found += _rules(one) if isinstance(one.value, tuple) else [one]
    return found


def _plain(part: Part) -> object:
    return {name: one.text for name, one in part.names.items() if one.text}


def _variables(part: Part) -> dict[str, str]:
    return {name: one.text or one.get("value").text for name, one in part.names.items()}


def theirs(job: dict[str, Any]) -> dict[str, object]:
    """The same of the tool's preview."""
    said: dict[str, object] = {}
    for one in SCRIPTS:
        lines = job.get(one) or []
        said[one] = [lines] if isinstance(lines, str) else [str(line) for line in lines]
    image = job.get("image") or {}
    said["image"] = image if isinstance(image, str) else image.get("name", "")
    services = [one if isinstance(one, dict) else {"name": one} for one in job.get("services", [])]
    said["services"] = [[one["name"], one.get("alias") or ""] for one in services]
    said["variables"] = {
        name: str(one["value"] if isinstance(one, dict) else one)
        for name, one in (job.get("variables") or {}).items()
    }
    said["rules"] = [
        {name: str(text) for name, text in one.items() if isinstance(text, str)}
        for one in job.get("rules", [])
    ]
    return {name: value for name, value in said.items() if value}


def _differences(folder: Path) -> list[str]:
    made = pipeline(folder)
    shown = gitlab_runner.preview(gitlab_runner.committed(folder))
    found = []
    for job in made.jobs:
        mine, other = ours(job), theirs(shown[job.name])
        names = sorted({*mine, *other})
        found += [
            f"{job.name} {name}: {mine.get(name)} and {other.get(name)}"
            for name in names
            if mine.get(name) != other.get(name)
        ]
    return found


@pytest.mark.parametrize("name", _comparable())
def test_a_case_comes_out_as_the_local_runner_has_it(name: str, tmp_path: Path) -> None:
    assert not _differences(written(cases()[name], tmp_path / "erp"))


# -- drawn at random ----------------------------------------------------------------------------

SOURCES = ("push", "schedule", "web", "api", "merge_request_event")


class Drawn:
    """A configuration of several files with all that is compared."""

    def __init__(self, seed: int) -> None:
        """Draw it."""
        self.rng = random.Random(f"pipelines {seed}")
        self.hidden: list[str] = []

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def case(self) -> dict[str, Any]:
        included = {f".h{number}": self._body(hidden=True) for number in range(2)}
        self.hidden = [*included]
        main: dict[str, Any] = {"include": ["ci/a.yml"]}
        if self.chance(0.5):
            main["default"] = {"image": "d:1", "before_script": ["make default"]}
        if self.chance(0.5):
            main["variables"] = {"A": "one", "B": "two"}
        if self.chance(0.3):
            rules = [{**one, "when": one.get("when", "always")} for one in self._rules()]
            never = [{**one, "when": "never"} for one in rules if one["when"] == "never"]
            main["workflow"] = {"rules": [*never, {"when": "always"}]}
        for number in range(2, 4):
            main[f".h{number}"] = self._extending(hidden=True)
            self.hidden.append(f".h{number}")
        for number in range(3):
            main[f"j{number}"] = self._extending(hidden=False)
        if self.chance(0.4):
            included["j0"] = {"script": ["make included"], "image": "i:1", "variables": {"C": "i"}}
        return {"main": _yaml(main), "files": {"ci/a.yml": _yaml(included)}}

    def _extending(self, *, hidden: bool) -> dict[str, Any]:
        body = self._body(hidden=hidden)
        if self.chance(0.7):
            bases = self.rng.sample(self.hidden, self.rng.choice([1, 1, 2]))
            body["extends"] = bases[0] if len(bases) == 1 and self.chance(0.5) else bases
        if self.chance(0.3):
            # A list of its own before it, as the tool joins a single reference's lines alike.
            target = _Reference([self.rng.choice(self.hidden), "script"])
            body["script"] = ["make before", target]
        return body

    def _body(self, *, hidden: bool) -> dict[str, Any]:
        body: dict[str, Any] = {}
        if hidden or self.chance(0.8):
            body["script"] = [f"make {self.rng.randrange(9)}" for _ in range(2)]
        body.setdefault("script", ["make it"])
        if self.chance(0.4):
            body["image"] = self.rng.choice(["a:1", {"name": "b:2"}])
        if self.chance(0.4):
            names = self.rng.sample("ABCD", 2)
            body["variables"] = {name: self.rng.choice(["x", "y"]) for name in names}
        if self.chance(0.3):
            body["services"] = self.rng.choice([["redis:7"], [{"name": "db:1", "alias": "db"}]])
        if self.chance(0.3):
            body["after_script"] = ["make after"]
        if self.chance(0.2) and not hidden:
            body["inherit"] = {"default": self.rng.choice([False, ["image"]])}
        if self.chance(0.5):
            body["rules"] = self._rules()
        return body

    def _rules(self) -> list[dict[str, Any]]:
        return [self._rule() for _ in range(self.rng.choice([1, 2]))]

    def _rule(self) -> dict[str, Any]:
        said: dict[str, Any] = {"if": self._condition(0)}
        if self.chance(0.4):
            said["when"] = self.rng.choice(["never", "on_success", "always"])
        return said

    def _condition(self, depth: int) -> str:
        if depth < 2 and self.chance(0.4):
            mark = self.rng.choice(["&&", "||"])
            one, other = self._condition(depth + 1), self._condition(depth + 1)
            both = f"{one} {mark} {other}"
            return f"({both})" if self.chance(0.3) else both
        return self.rng.choice(
            [
                f'$CI_PIPELINE_SOURCE == "{self.rng.choice(SOURCES)}"',
                f'$CI_PIPELINE_SOURCE != "{self.rng.choice(SOURCES)}"',
                "$CI_PIPELINE_SOURCE =~ /^(push|web)$/",
                "$CI_PIPELINE_SOURCE !~ /^merge/",
                "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH",
                "$CI_COMMIT_TAG == null",
                "$CI_COMMIT_TAG",
                "$CI_COMMIT_BRANCH",
            ]
        )


class _Reference(list[str]):
    """A list that is written with the tag."""


class _Dumper(yaml.SafeDumper):
    """Writes these too."""


_Dumper.add_representer(
    _Reference,
    lambda dumper, found: dumper.represent_sequence("!reference", found, flow_style=True),
)


def _yaml(content: object) -> str:
    text: str = yaml.dump(content, Dumper=_Dumper, sort_keys=False, width=1000)
    return text


SEEDS = [pytest.param(seed, marks=() if seed < 5 else pytest.mark.nightly) for seed in range(60)]


@pytest.mark.parametrize("seed", SEEDS)
def test_drawn_files_come_out_as_the_local_runner_has_them(seed: int, tmp_path: Path) -> None:
    assert not _differences(written(Drawn(seed).case(), tmp_path / "erp"))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_has_the_jobs_that_the_local_runner_lists(seed: int, tmp_path: Path) -> None:
    """Of pushes and schedules on the default branch; of what is not known nothing is compared."""
    folder = written(Drawn(seed).case(), tmp_path / "erp")
    made = pipeline(folder)
    gitlab_runner.committed(folder)
    for source in ("push", "schedule"):
        listed = gitlab_runner.listed(folder, CI_PIPELINE_SOURCE=source)
        kind = Kind(source, "default")
        there = dict(made.kinds).get(kind, False)
        for job in made.jobs:
            runs = dict(job.runs).get(kind)
            said = False if runs is None else runs.runs
            if there is True and said is not None:
                assert (job.name in listed) is said, (source, job.name, sorted(listed))


def test_most_of_what_is_compared_is_decided(tmp_path: Path) -> None:
    """What is not known would agree with anybody."""
    decided = [
        outcome.runs is not None
        for seed in range(20)
        for job in pipeline(written(Drawn(seed).case(), tmp_path / f"{seed}")).jobs
        for kind, outcome in job.runs
        if kind.source in ("push", "schedule") and kind.on == "default"
    ]
    assert sum(decided) > 30
    assert sum(decided) > len(decided) / 2
