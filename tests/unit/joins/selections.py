"""Ask dbt itself what selections of the sample's project take, and write it down.

    PYTHON -m tests.unit.joins.selections

PYTHON is that of an environment made from requirements/dbt.txt. No database is needed. The answers
are the oracle of ``test_selections.py``; tests read them and never run dbt.
"""

import json
import os
import random
import shutil
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).parents[3] / "samples" / "ledgerline" / "warehouse" / "transform"
ANSWERS = Path(__file__).parent / "selections.json"
ATOMS = (
    "revenue",
    "stg_invoices",
    "stg_payments",
    "cash_balance",
    "account_map",
    "trial_balance",
    "stg_*",
    "*",
    "ledgerline.marts",
    "ledgerline.staging.stg_payments",
    "marts",
    "staging.*",
    "tag:ledger",
    "tag:mapping",
    "tag:led*",
    "group:finance",
    "package:ledgerline",
    "source:raw",
    "source:raw.payments",
    "exposure:board_pack",
    "path:models/marts",
    "path:models/staging/stg_invoices.sql",
    "models/staging",
    "models/marts/revenue.sql",
    "file:revenue.sql",
    "revenue.sql",
    "resource_type:seed",
    "resource_type:model",
    "access:protected",
    "no_such_model",
)


def choices(seed: int = 20261126) -> list[tuple[str, str]]:
    """Pairs of select and exclude; every atom alone, and combinations."""
    rng = random.Random(seed)
    found = [(atom, "") for atom in ATOMS]
    for _ in range(130):
        terms = [term(rng) for _ in range(rng.choice((1, 1, 2)))]
        exclude = term(rng) if rng.random() < 0.3 else ""
        found.append((" ".join(terms), exclude))
    return found


def term(rng: random.Random) -> str:
    """One term: one atom or two that must both hold, with graph operators."""
    return ",".join(operated(rng) for _ in range(rng.choice((1, 1, 1, 2))))


def operated(rng: random.Random) -> str:
    """An atom with graph operators."""
    before = rng.choice(("", "", "", "+", "1+", "2+", "@"))
    after = rng.choice(("", "", "", "+", "+1", "+2")) if before != "@" else ""
    return before + rng.choice(ATOMS) + after


def main() -> None:
    """Run ``dbt ls`` for each choice."""
    from dbt.cli.main import dbtRunner  # type: ignore[import-not-found] # not a test requirement

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "transform"
        shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns("target"))
        os.environ["DBT_PASSWORD"] = "unused"
        os.chdir(copy)
        types = ["--resource-type", "model", "--resource-type", "seed"]
        common = ["--quiet", "ls", *types, "--output", "name", "--profiles-dir", "."]
        answers = []
        for select, exclude in choices():
            options = ["--select", *select.split()]
            options += ["--exclude", *exclude.split()] if exclude else []
            done = dbtRunner().invoke([*common, *options])
            if not done.success:
                raise SystemExit(f"{select!r} {exclude!r}: {done.exception}")
            names = sorted(done.result or [])
            answers.append({"select": select, "exclude": exclude, "takes": names})
            sys.stderr.write(".")
    lines = ",\n".join(json.dumps(answer) for answer in answers)
    ANSWERS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
