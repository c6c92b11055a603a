"""The catalogue of known names keeps its form, and no name in it takes another's place."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from nhigraph.policy.known_names import Entry, entries, group, read_entry, sorts, words
from nhigraph.schema.types import State

ROOT = Path(__file__).resolve().parents[2]
FIELDS = ("provider", "title", "names", "sort", "opens", "effect", "finance", "page", "read")
#: Words that name no provider: a name of nothing else says nothing.
EVERYBODYS = frozenset(
    {"ACCESS", "ACCOUNT", "API", "APIKEY", "APP", "AUTH", "BASE", "BOT", "CLIENT", "CONFIG"}
    | {"CREDENTIALS", "DEPLOY", "EMAIL", "HOST", "ID", "JSON", "KEY", "LOGIN", "OAUTH", "ORG"}
    | {"ORGANIZATION", "PASS", "PASSPHRASE", "PASSWORD", "PAT", "PERSONAL", "PRIVATE", "PROJECT"}
    | {"PUBLIC", "PUBLISH", "REGISTRY", "RELEASE", "REPO", "ROLE", "SECRET", "SERVER", "SERVICE"}
    | {"SIGNING", "STORE", "TENANT", "TOKEN", "URL", "USER", "USERNAME", "WEBHOOK", "*"}
)
ALL = entries()


def faults(entry: Entry) -> list[str]:
    """What is wrong with the form of one entry."""
    wrong = []
    if tuple(field for field in entry if field != "also") != FIELDS:
        return [f"expected the fields {FIELDS} in this order, found {tuple(entry)}"]
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry["provider"]):
        wrong.append("the provider is no short id")
    if entry["sort"] not in sorts():
        wrong.append("the sort is not declared")
    if not re.fullmatch(r"[A-Z][^\n]+[^.]\.", entry["opens"]) or ". " in entry["opens"]:
        wrong.append("what it opens is not one sentence")
    if not set(entry["effect"]) <= set(State.__members__):
        wrong.append("an effect is no state")
    if entry["finance"] not in ("true", "false"):
        wrong.append("finance is neither true nor false")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", entry["read"]):
        wrong.append("when it was read is no date")
    wrong += [
        f"{page} is no https page"
        for page in (entry["page"], *entry.get("also", []))
        if not re.fullmatch(r"https://[a-z0-9.-]+\.[a-z]+/\S*", page)
    ]
    wrong += [f"{name} is badly formed" for name in entry["names"] if not _well_formed(name)]
    return wrong + ([] if entry["names"] else ["no name"])


def _well_formed(name: str) -> bool:
    """Upper case, words between underscores, a star only as a word, a word of its own."""
    form = re.fullmatch(r"(\*_)?[A-Z0-9]+(_(\*|[A-Z0-9]+))*", name)
    return bool(form) and name.count("*") <= 1 and bool(set(name.split("_")) - EVERYBODYS)


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry["provider"])
def test_every_entry_has_the_form(entry: Entry) -> None:
    assert faults(entry) == []
    assert [told.name for told in read_entry(entry)] == entry["names"]


def test_a_provider_has_one_entry_and_they_are_in_order() -> None:
    providers = [entry["provider"] for entry in ALL]

    assert providers == sorted(set(providers))


def test_three_hundred_providers_are_known() -> None:
    assert len(ALL) >= 300


def test_a_name_stands_once() -> None:
    counted = Counter(words(name) for entry in ALL for name in entry["names"])

    assert [name for name, count in counted.items() if count > 1] == []
    assert ("GITHUB", "TOKEN") not in counted, "the job's own token is no secret"


@pytest.mark.parametrize("around", ["{}", "{}_PROD", "PROD_{}", "{}_2"])
def test_no_entry_takes_the_place_of_anothers_name(around: str) -> None:
    asked = {
        (entry["provider"], around.format(name.replace("*", "X")))
        for entry in ALL
        for name in entry["names"]
    }

    assert [(owner, name) for owner, name in asked if group(name) != owner] == []


def test_every_sort_is_used_and_says_what_it_means() -> None:
    assert set(sorts()) == {entry["sort"] for entry in ALL}
    assert list(sorts()) == sorted(sorts())
    assert all(meaning.endswith(".") for meaning in sorts().values())


def test_nothing_in_it_looks_like_a_credential() -> None:
    text = (ROOT / "nhigraph" / "policy" / "data" / "credentials.yaml").read_text("utf-8")
    runs = re.findall(r"[A-Za-z0-9+/]{32,}", re.sub(r"https://\S+", "", text))

    assert runs == []


def test_the_example_of_the_guide_is_a_good_entry() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = guide.partition("## How to add a known name\n")[2].partition("\n## ")[0]
    written = re.findall(r"(?m)^    (.*)$", section)
    (example,) = yaml.load("\n".join(written), Loader=yaml.BaseLoader)  # noqa: S506 - texts only

    assert faults(example) == []
    assert example in ALL, "it is an entry as it stands in the file"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"provider": "Code Cov"}, "the provider is no short id"),
        ({"names": []}, "no name"),
        ({"names": ["codecov_token"]}, "codecov_token is badly formed"),
        ({"names": ["CODECOV*"]}, "CODECOV* is badly formed"),
        ({"names": ["*"]}, "* is badly formed"),
        ({"names": ["*_TOKEN"]}, "*_TOKEN is badly formed"),
        ({"names": ["API_KEY"]}, "API_KEY is badly formed"),
        ({"sort": "toys"}, "the sort is not declared"),
        ({"opens": "upload reports"}, "what it opens is not one sentence"),
        ({"opens": "One thing. Another thing."}, "what it opens is not one sentence"),
        ({"effect": ["WRITE"]}, "an effect is no state"),
        ({"finance": "perhaps"}, "finance is neither true nor false"),
        ({"page": "http://docs.codecov.com/x"}, "http://docs.codecov.com/x is no https page"),
        ({"read": "yesterday"}, "when it was read is no date"),
    ],
)
def test_an_entry_without_the_form_is_found(change: dict[str, object], fault: str) -> None:
    good = next(entry for entry in ALL if entry["provider"] == "codecov")

    assert faults({**good, **change}) == [fault]  # type: ignore[typeddict-item]  # wrong on purpose
