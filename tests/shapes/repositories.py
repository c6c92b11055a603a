"""Sixteen checkouts of our own, each in the shape of a sort of public repository.

What they share with real ones is the count of jobs, the names under which people keep secrets, how
jobs get at clouds and machines, and whether a file says permissions. Nothing is copied.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]
_READ = {"contents": "read"}


@dataclass(frozen=True, slots=True)
class Jobs:
    """Some alike jobs of one workflow.

    Attributes:
        name: Name of each, with a number.
        count: How many.
        secrets: Secrets that each has in a step's environment.
        permissions: Block of each; None for none.
        runs_on: Where each runs.
        uses: Actions that each uses, with their inputs.
        environment: Environment of each; empty for none.
        run: Command of each.
        calls: Workflow that each calls instead of having steps.
    """

    name: str
    count: int = 1
    secrets: tuple[str, ...] = ()
    permissions: Json | None = field(default_factory=lambda: dict(_READ))
    runs_on: str = "ubuntu-latest"
    uses: tuple[tuple[str, Json], ...] = ()
    environment: str = ""
    run: str = "make {name}"
    calls: str = ""

    def body(self, name: str) -> Json:
        """One of the jobs."""
        body: Json = {}
        if self.permissions is not None:
            body["permissions"] = self.permissions
        if self.calls:
            return {**body, "uses": self.calls, "secrets": "inherit"}
        body["runs-on"] = self.runs_on
        if self.environment:
            body["environment"] = self.environment
        steps: list[Json] = [{"uses": "actions/checkout@v6"}]
        steps += [{"uses": action, "with": inputs} for action, inputs in self.uses]
        env = {one: f"${{{{ secrets.{one} }}}}" for one in self.secrets}
        run: Json = {"run": self.run.format(name=name)}
        return {**body, "steps": [*steps, {**run, "env": env} if env else run]}


@dataclass(frozen=True, slots=True)
class Shape:
    """One checkout: its name, and its workflows by file."""

    name: str
    workflows: dict[str, Sequence[Jobs]]
    called: tuple[str, ...] = ()

    def write(self, folder: Path) -> None:
        """Write it as a checkout."""
        place = folder / ".github" / "workflows"
        place.mkdir(parents=True)
        (folder / ".git").mkdir()
        for file, many in self.workflows.items():
            events: list[str] = ["workflow_call"] if file in self.called else ["push"]
            jobs = {name: one.body(name) for one in many for name in _names(one)}
            body = {"name": file.partition(".")[0], "on": events, "jobs": jobs}
            (place / file).write_text(yaml.safe_dump(body, sort_keys=False))


def _names(jobs: Jobs) -> Iterator[str]:
    for number in range(jobs.count):
        yield jobs.name if jobs.count == 1 else f"{jobs.name}-{number + 1}"


_AWS = "aws-actions/configure-aws-credentials@v5"
_GCP = "google-github-actions/auth@v3"
_AZURE = "azure/login@v2"
_TOKEN = {"contents": "read", "id-token": "write"}


def _role(name: str) -> tuple[str, Json]:
    arn = f"arn:aws:iam::111122223333:role/{name}"
    return _AWS, {"role-to-assume": arn, "aws-region": "eu-west-1"}


SHAPES: tuple[Shape, ...] = (
    Shape(
        "python-library",
        {
            "test.yml": [
                Jobs("unit", 9),
                Jobs("cover", 2, ("CODECOV_TOKEN",)),
                Jobs("lint", 2),
            ],
            "release.yml": [
                Jobs("build"),
                Jobs("publish", permissions=_TOKEN, environment="pypi"),
            ],
        },
    ),
    Shape(
        "js-monorepo",
        {
            "ci.yml": [
                Jobs("build", 6, ("TURBO_TOKEN", "TURBO_TEAM")),
                Jobs("visual", 2, ("CHROMATIC_PROJECT_TOKEN",)),
                Jobs("e2e", 4, ("CYPRESS_RECORD_KEY", "TURBO_TOKEN")),
            ],
            "release.yml": [
                Jobs("publish", 1, ("NPM_TOKEN",), {"contents": "write"}),
                Jobs("deploy", 2, ("VERCEL_TOKEN", "VERCEL_ORG_ID", "VERCEL_PROJECT_ID")),
                Jobs("tell", 1, ("SLACK_WEBHOOK_URL",)),
            ],
        },
    ),
    Shape(
        "go-tool",
        {
            "ci.yml": [Jobs("test", 8), Jobs("cover", 1, ("CODECOV_TOKEN",))],
            "release.yml": [
                Jobs(
                    "release", 1, ("GPG_PRIVATE_KEY", "HOMEBREW_TAP_TOKEN"), {"contents": "write"}
                ),
                Jobs("image", 2, ("DOCKERHUB_USERNAME", "DOCKERHUB_TOKEN")),
            ],
        },
    ),
    Shape(
        "rust-crate",
        {
            "ci.yml": [Jobs("check", 12, permissions=None)],
            "publish.yml": [Jobs("publish", 1, ("CARGO_REGISTRY_TOKEN",), None)],
        },
    ),
    Shape(
        "infrastructure",
        {
            "plan.yml": [
                Jobs("plan", 6, permissions=_TOKEN, uses=(_role("plan"),)),
            ],
            "apply.yml": [
                Jobs("apply", 6, permissions=_TOKEN, uses=(_role("apply"),), environment="prod"),
                Jobs("drift", 2, ("TF_API_TOKEN",)),
            ],
        },
    ),
    Shape(
        "cluster",
        {
            "deploy.yml": [
                Jobs("deploy", 8, ("KUBECONFIG",), run="kubectl apply -f {name}.yaml"),
                Jobs("image", 8, ("REGISTRY_PASSWORD",)),
                Jobs("tell", 2, ("SLACK_WEBHOOK_URL",)),
            ]
        },
    ),
    Shape(
        "warehouse",
        {
            "dbt.yml": [
                Jobs(
                    "build",
                    6,
                    ("SNOWFLAKE_ACCOUNT", "SNOWFLAKE_USER", "SNOWFLAKE_PASSWORD"),
                    run="dbt build --select {name}",
                ),
                Jobs("docs", 2, ("SNOWFLAKE_PASSWORD",), run="dbt docs generate"),
            ],
            "ci.yml": [Jobs("lint", 3), Jobs("alert", 1, ("PAGERDUTY_TOKEN",))],
        },
    ),
    Shape(
        "web-application",
        {
            "ci.yml": [Jobs("test", 8, ("DATABASE_URL", "SECRET_KEY")), Jobs("lint", 3)],
            "deploy.yml": [
                Jobs("deploy", 3, ("SSH_PRIVATE_KEY", "SENTRY_AUTH_TOKEN"), None),
            ],
        },
    ),
    Shape(
        "mobile-application",
        {
            "ci.yml": [Jobs("test", 6), Jobs("build", 4, ("EXPO_TOKEN",))],
            "release.yml": [
                Jobs(
                    "ios", 2, ("MATCH_PASSWORD", "APP_STORE_CONNECT_API_KEY"), runs_on="macos-15"
                ),
                Jobs("android", 2, ("ANDROID_KEYSTORE_PASSWORD", "PLAY_STORE_JSON")),
            ],
        },
    ),
    Shape("documents", {"pages.yml": [Jobs("build", 3), Jobs("check", 5, permissions={})]}),
    Shape(
        "own-machines",
        {
            "ci.yml": [
                Jobs("test", 16, runs_on="${{ vars.RUNNER }}"),
                Jobs("bench", 4, runs_on="${{ vars.BENCH_RUNNER }}"),
                Jobs("cover", 2, ("CODECOV_TOKEN",), runs_on="${{ vars.RUNNER }}"),
            ]
        },
    ),
    Shape(
        "called-workflows",
        {
            "ci.yml": [Jobs("service", 14, calls="./.github/workflows/service.yml")],
            "service.yml": [
                Jobs("build", 1, ("SONAR_TOKEN",)),
                Jobs("push", 1, ("HARBOR_PASSWORD",)),
            ],
        },
        ("service.yml",),
    ),
    Shape("action", {"test.yml": [Jobs("case", 24, permissions=None)]}),
    Shape(
        "google-cloud",
        {
            "deploy.yml": [
                Jobs(
                    "deploy",
                    5,
                    permissions=_TOKEN,
                    uses=(
                        (
                            _GCP,
                            {
                                "workload_identity_provider": "projects/1/locations/global/x",
                                "service_account": "deploy@acme.iam.gserviceaccount.com",
                            },
                        ),
                    ),
                ),
                Jobs("test", 8, ("FIREBASE_TOKEN",)),
            ]
        },
    ),
    Shape(
        "shop",
        {
            "ci.yml": [
                Jobs("test", 10, ("STRIPE_SECRET_KEY",)),
                Jobs("theme", 4, ("SHOPIFY_CLI_THEME_TOKEN",)),
                Jobs("mail", 2, ("SENDGRID_API_KEY",)),
            ]
        },
    ),
    Shape(
        "models",
        {
            "train.yml": [
                Jobs("train", 6, ("HF_TOKEN", "WANDB_API_KEY"), runs_on="self-hosted"),
                Jobs("evaluate", 8, ("OPENAI_API_KEY",)),
                Jobs(
                    "serve",
                    3,
                    permissions=_TOKEN,
                    uses=((_AZURE, {"client-id": "00000000-0000-0000-0000-000000000001"}),),
                ),
            ]
        },
    ),
)
