"""Which secrets one question is about: parts of one login, and nothing beside."""

from pathlib import Path

import pytest
import yaml

from nhigraph.app.ask import ask
from nhigraph.app.collect import collect
from nhigraph.app.judged import Judged, of_collection
from nhigraph.assurance.questions.parts import Part, leaders, part, together
from tests.shapes.curve import _FACTS as FACTS
from tests.shapes.curve import _SCOPE as SCOPE

COMPANION, CREDENTIAL = Part.COMPANION, Part.CREDENTIAL


@pytest.mark.parametrize(
    ("name", "sort"),
    [
        ("BOT_APP_ID", COMPANION),
        ("app-id", COMPANION),
        ("AWS_ACCESS_KEY_ID", COMPANION),
        ("APP_ID_RELEASE_BOT", COMPANION),
        ("ERP_HOST", COMPANION),
        ("GPG_PASSPHRASE", COMPANION),
        ("BOT_PRIVATE_KEY", CREDENTIAL),
        ("USER_TOKEN", CREDENTIAL),
        ("APP_SECRET_PEM_RELEASE_BOT", CREDENTIAL),
        ("password", CREDENTIAL),
        ("LEDGER", None),
        ("", None),
    ],
)
def test_a_name_says_which_part_it_is(name: str, sort: Part | None) -> None:
    assert part(name) is sort


@pytest.mark.parametrize(
    ("names", "pairs"),
    [
        (["BOT_APP_ID", "BOT_PRIVATE_KEY"], ["BOT_APP_ID>BOT_PRIVATE_KEY"]),
        (["APP_ID_BOT", "APP_SECRET_PEM_BOT"], ["APP_ID_BOT>APP_SECRET_PEM_BOT"]),
        (["DB_HOST", "DB_USER", "DB_PASSWORD"], ["DB_HOST>DB_PASSWORD", "DB_USER>DB_PASSWORD"]),
        (["CLIENT_ID", "CLIENT_SECRET"], ["CLIENT_ID>CLIENT_SECRET"]),
        # The closer likeness first: one system's database and its interface are two logins.
        (
            ["ERP_DB_HOST", "ERP_DB_PASSWORD", "ERP_API_URL", "ERP_API_TOKEN"],
            ["ERP_API_URL>ERP_API_TOKEN", "ERP_DB_HOST>ERP_DB_PASSWORD"],
        ),
        # A stage is no part: another stage has another login.
        (["PROD_ERP_USER", "DEV_ERP_PASSWORD"], []),
        (["STAGING_ID", "LIVE_KEY"], []),
        (["GPG_PASSPHRASE", "GPG_PRIVATE_KEY"], ["GPG_PASSPHRASE>GPG_PRIVATE_KEY"]),
        # Two that let in are two.
        (["ACME_TOKEN", "ACME_PASSWORD"], []),
        (["ACME_HOST", "ACME_USER"], []),
        # Without a word of its own a name is everybody's.
        (["USERNAME", "PASSWORD"], []),
        (["app-id", "private-key"], []),
    ],
)
def test_names_that_one_holder_keeps(names: list[str], pairs: list[str]) -> None:
    bonds = together([{name: name for name in names}], bare=False)
    assert sorted(f"{one}>{to}" for one, to in leaders(bonds).items()) == pairs


@pytest.mark.parametrize(
    ("names", "pairs"),
    [
        (["app-id", "private-key"], ["app-id>private-key"]),
        (["username", "password", "registry"], ["username>password"]),
        (["DB_USER", "DB_PASSWORD", "API_TOKEN"], ["DB_USER>DB_PASSWORD"]),
        # Of one provider, though their own words differ.
        (["CYPRESS_PROJECT_ID", "CYPRESS_RECORD_KEY"], ["CYPRESS_PROJECT_ID>CYPRESS_RECORD_KEY"]),
        # Which of the two it goes with, nothing says.
        (["url", "token", "password"], []),
    ],
)
def test_names_that_one_program_takes(names: list[str], pairs: list[str]) -> None:
    bonds = together([{name: name for name in names}], bare=True)
    assert sorted(f"{one}>{to}" for one, to in leaders(bonds).items()) == pairs


def test_a_companion_of_two_credentials_goes_with_none() -> None:
    places = [{"user": "ROBOT", "password": "PULL"}, {"user": "ROBOT", "password": "PUSH"}]
    assert leaders(together(places, bare=True)) == {}


def test_what_is_a_credential_elsewhere_is_no_companion() -> None:
    places = [{"user": "A", "password": "B"}, {"user": "C", "password": "A"}]
    assert leaders(together(places, bare=True)) == {"C": "A"}


# -- in a checkout ------------------------------------------------------------------------------


def judged(
    folder: Path, steps: list[dict[str, object]], told: list[object] | None = None
) -> Judged:
    """A checkout with one job of some steps."""
    (folder / ".github/workflows").mkdir(parents=True, exist_ok=True)
    (folder / ".git").mkdir(exist_ok=True)
    jobs = {"run": {"runs-on": "ubuntu-latest", "steps": steps}}
    workflow = {"on": "push", "permissions": {}, "jobs": jobs}
    (folder / ".github/workflows/ci.yml").write_text(yaml.safe_dump(workflow))
    (folder / "books.facts.yaml").write_text(yaml.safe_dump(FACTS))
    (folder / "scope.yaml").write_text(yaml.safe_dump({**SCOPE, "answers": told or []}))
    return of_collection(collect([folder], repo="acme/erp"), option="2026-11-23")


def step(**inputs: str) -> dict[str, object]:
    """A step whose action takes secrets: name of an input to that of a secret."""
    taken = {name.replace("_", "-"): f"${{{{ secrets.{of} }}}}" for name, of in inputs.items()}
    return {"uses": f"acme/tool@{'0' * 40}", "with": taken}


@pytest.mark.parametrize(
    ("steps", "asked"),
    [
        ([step(app_id="ROBOT", private_key="ROBOTS_PEM")], ["ROBOT, ROBOTS_PEM"]),
        ([step(a="BOT_APP_ID"), step(b="BOT_PRIVATE_KEY")], ["BOT_APP_ID, BOT_PRIVATE_KEY"]),
        ([step(token="ONE"), step(token="TWO")], ["ONE", "TWO"]),
        ([step(app_id="ONE", private_key="TWO"), step(app_id="ONE", private_key="SIX")],
         ["ONE", "SIX", "TWO"]),
        # Handed on under a name of one provider each is asked about by itself.
        ([step(), {"run": "x", "env": {"HF_TOKEN": "${{ secrets.ONE }}"}},
          {"run": "x", "env": {"HF_TOKEN": "${{ secrets.TWO }}"}}], ["ONE", "TWO"]),
    ],
)  # fmt: skip
def test_one_question_is_asked_for_one_login(
    steps: list[dict[str, object]], asked: list[str], tmp_path: Path
) -> None:
    found = ask(judged(tmp_path, steps)).rows
    subjects = [row.subject.rpartition("/")[2] for row in found if row.kind == "secret"]
    assert sorted(subjects) == asked


def test_one_answer_settles_all_parts(tmp_path: Path) -> None:
    steps = [step(app_id="ROBOT", private_key="ROBOTS_PEM")]
    row = ask(judged(tmp_path, steps)).rows[0]
    told = row.proposals[0].scope["answers"]
    assert len(told) == 1
    assert row.identities == 1
    after = ask(judged(tmp_path, steps, told))
    assert (after.undecided, after.rows) == (0, ())


def test_a_name_it_is_handed_on_under_is_told_as_such(tmp_path: Path) -> None:
    steps: list[dict[str, object]] = [
        {"run": "x", "env": {"CODECOV_TOKEN": "${{ secrets.UPLOADS }}"}}
    ]
    row = ask(judged(tmp_path, steps)).rows[0]
    assert row.question.startswith(
        "What does UPLOADS open? Handed on as CODECOV_TOKEN, which is of Codecov: its holder may "
    )
