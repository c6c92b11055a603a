"""Pipelines of GitLab of the small company: a project's files, and sometimes their merged form.

What comes out of several files is put together here, by the words of GitLab's documentation, and
not by the product.
"""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.documents.native import Json, yaml_text


@dataclass(frozen=True, slots=True)
class Server:
    """A database that jobs may log in to.

    Attributes:
        database: Its name.
        hosts: Names of its server.
        port: Its port.
    """

    database: str
    hosts: tuple[str, ...]
    port: int


@dataclass(frozen=True, slots=True)
class Project:
    """A project's files by path, with what each is.

    Attributes:
        folder: Where it is cloned.
        path: Its path on gitlab.com.
        files: Path below the folder, text and kind of each.
        listed: Names of the variables that a list of them would have.
    """

    folder: str
    path: str
    files: tuple[tuple[str, str, str], ...]
    listed: tuple[str, ...]


class _Draw:
    def __init__(
        self, rng: random.Random, named: Callable[[str], str], servers: Sequence[Server]
    ) -> None:
        self.rng, self.named, self.servers = rng, named, servers
        self.variables: set[str] = set()

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def project(self, number: int) -> Project:
        folder = f"gitlab/{number}/{self.named('flows')}"
        path = f"{self.named('acme')}/{self.rng.choice(['data', 'data/eu'])}/{self.named('flows')}"
        base = self._base()
        jobs = {f"job{one}": self._job() for one in range(self.rng.choice([1, 2, 3]))}
        shared = self.chance(0.7)
        root: Json = {}
        if shared:
            root["include"] = [{"local": self.rng.choice(["ci/base.yml", "/ci/*.yml"])}]
        else:
            root |= base
        root |= jobs
        files = [(".gitlab-ci.yml", yaml_text(root), "pipeline")]
        if shared:
            files.append(("ci/base.yml", yaml_text(base), "part"))
        if self.chance(0.25):
            files.append(("ci-lint.json", self._merged(base, jobs), "merged"))
        remote = f'[remote "origin"]\n\turl = git@gitlab.com:{path}.git\n'
        if self.chance(0.8):
            files.append((".git/config", remote, "remote"))
        return Project(folder, path, tuple(files), tuple(sorted(self.variables)))

    def _base(self) -> Json:
        server = self.rng.choice(self.servers)
        base: Json = {".client": {"before_script": ["psql --version"], "retry": 1}}
        if self.chance(0.4):
            variables = {"PGDATABASE": server.database, "PGHOST": self.rng.choice(server.hosts)}
            base["variables"] = variables
        if self.chance(0.4):
            base["default"] = {"image": "postgres:16", "tags": [self.rng.choice(["own", "big"])]}
        return base

    def _job(self) -> Json:
        server = self.rng.choice(self.servers)
        role = self.rng.choice(["poster", "poster", "viewer", "loader"])
        secret = f"{role}_PW_{server.database}".upper()
        env = {
            "PGDATABASE": server.database,
            "PGUSER": self.named(role),
            "PGHOST": self.rng.choice([*server.hosts, "db"]),
        }
        script = self.rng.choice(["psql -f post.sql", "python post.py"])
        match self.rng.randrange(5):
            case 0:
                host, database = env["PGHOST"], server.database
                env = {"URL": f"postgresql://{env['PGUSER']}:${secret}@{host}/{database}"}
                script = 'psql "$URL" -f post.sql'
                self.variables.add(secret)
            case 1:
                pass  # A variable that no file names may hold the password.
            case _:
                env["PGPASSWORD"] = f"${secret}"
                self.variables.add(secret)
        job: Json = {"extends": ".client", "variables": env, "script": [script]}
        if self.chance(0.3):
            job["environment"] = self.rng.choice(["production", "staging"])
        if self.chance(0.25):
            job["services"] = [{"name": "postgres:16", "alias": "db"}]
        if self.chance(0.3):
            condition = self.rng.choice(
                ["$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH", '$CI_PIPELINE_SOURCE == "schedule"']
            )
            job["rules"] = [{"if": condition}]
        if self.chance(0.2):
            job["when"] = "manual"
            job.pop("rules", None)
        return job

    def _merged(self, base: Json, jobs: dict[str, Json]) -> str:
        """What the lint API prints: nothing is included or extended any more."""
        whole: dict[str, Any] = {name: said for name, said in base.items() if name != ".client"}
        whole[".client"] = base[".client"]
        for name, job in jobs.items():
            own = {key: value for key, value in job.items() if key != "extends"}
            whole[name] = {**base[".client"], **own}
        content = {"valid": True, "errors": [], "warnings": [], "merged_yaml": yaml_text(whole)}
        return json.dumps(content)


def projects(
    rng: random.Random, named: Callable[[str], str], servers: Sequence[Server]
) -> list[Project]:
    """The company's projects on GitLab; most have one."""
    return [
        _Draw(rng, named, servers).project(number) for number in range(rng.choice([0, 1, 1, 2]))
    ]
