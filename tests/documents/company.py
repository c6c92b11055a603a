"""A small company in native files, drawn from a seed; it shares no code with the product.

Names clash on purpose: two servers have a database of one name, two checkouts a folder, two dbt
projects a package; cases differ; exports come twice; some records cannot be read.
"""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.documents import gitlab_lists, mysql, native, pipelines
from tests.documents.native import Json

DAY = "2026-11-23"
ROLES = ("poster", "viewer", "dbt_runner", "loader")


@dataclass(frozen=True, slots=True)
class Document:
    """A file.

    Attributes:
        path: Where it lies.
        text: What it says.
        kind: What it is: workflow, called, export, mysql, manifest, profiles, project, remote,
            facts, github, pipeline, part, merged, listing.
        about: Whose it is: a database, ``owner/name``, the key of a called workflow.
        copies: Where the same document says the same again.
    """

    path: str
    text: str
    kind: str
    about: str = ""
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Company:
    """Documents, and the scope that judges them.

    Attributes:
        documents: Files, the scope apart.
        scope: Content of scope.yaml.
        inputs: Paths that are given, as the user might; all lie below them.
    """

    documents: tuple[Document, ...]
    scope: Json
    inputs: tuple[str, ...]

    def without(self, *gone: Document) -> "Company":
        """The company with documents that nobody gave."""
        left = tuple(one for one in self.documents if one not in gone)
        return replace(self, documents=left)

    def plus(self, *more: Document) -> "Company":
        """The company with further documents."""
        return replace(self, documents=(*self.documents, *more))


@dataclass(slots=True)
class _Server:
    address: str
    name: str
    port: int
    system: str


@dataclass(slots=True)
class _Database:
    name: str
    server: _Server
    roles: dict[str, dict[str, object]] = field(default_factory=dict)


@dataclass(slots=True)
class _Repository:
    folder: str
    name: str
    remote: str
    commit: str = ""
    package: str = ""

    @property
    def path(self) -> str:
        """``owner/name`` as the tool is told it, or as it makes one up."""
        return self.remote or f"local/{self.folder.rpartition('/')[2]}"


def company(seed: int, stem: str = "") -> Company:
    """The company of a seed; ``stem`` makes all of its names, hosts and ids other ones."""
    return _Draw(random.Random(seed), stem, seed).company()


class _Draw:
    def __init__(self, rng: random.Random, stem: str, seed: int) -> None:
        self.rng, self.stem = rng, stem
        self.net = 10 if not stem else 172
        self.seed = seed
        self.servers: list[_Server] = []
        self.databases: list[_Database] = []
        self.repositories: list[_Repository] = []
        self.documents: list[Document] = []
        self.projects: list[str] = []
        self.of_mysql: list[mysql.Server] = []
        #: Callable workflows with the secret that each asks for.
        self.called: list[tuple[_Repository, str, str]] = []

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def named(self, text: str) -> str:
        return f"{text}{self.stem}"

    def cased(self, text: str) -> str:
        """The same name as somebody else types it."""
        return self.rng.choice([text, text, text.upper(), text.capitalize()])

    def company(self) -> Company:
        self._infrastructure()
        self._checkouts()
        for repository in self.repositories:
            self._callable(repository)
        for repository in self.repositories:
            self._repository(repository)
        for database in self.databases:
            self._exports(database)
        self._facts()
        self._gitlab()
        self._mysql()
        return Company(tuple(self.documents), self._scope(), self._inputs())

    # -- servers --------------------------------------------------------------------------------

    def _infrastructure(self) -> None:
        for number in range(self.rng.choice([1, 2, 2])):
            port = self.rng.choice([5432, 5432, 5433])
            address = f"{self.net}.0.0.{number + 1}"
            system = f"7{self.net:03}00{number}"
            self.servers.append(_Server(address, self.named(f"db{number}.internal"), port, system))
        for number in range(self.rng.choice([1, 2, 2, 3])):
            server = self.rng.choice(self.servers)
            name = self.named(self.rng.choice(["erp", "erp", "crm"]))
            if any(d.name == name and d.server is server for d in self.databases):
                name = self.named(f"books{number}")
            database = _Database(name, server)
            for role in ROLES:
                database.roles[self.named(role)] = {"login": self.chance(0.92)}
            if self.chance(0.1):
                database.roles[self.named("viewer")]["superuser"] = True
            self.databases.append(database)

    def _where(self, database: _Database) -> dict[str, object]:
        server = database.server
        shown = self.rng.choice([server.address, server.address, server.name, None])
        return {
            "host": shown,
            "port": server.port if shown and self.chance(0.7) else None,
            "system_identifier": server.system if self.chance(0.5) else None,
        }

    def _exports(self, database: _Database) -> None:
        number = self.databases.index(database)
        place = f"exports/{number}-{database.name}.postgres.json"
        body = self._export(database)
        copy = f"exports/again/{number}.postgres.json"
        self.documents.append(
            Document(place, json.dumps(body), "export", database.name, copies=(copy,))
        )
        if self.chance(0.3):
            second = json.loads(json.dumps(body))
            second["extracted_at"] = "2026-11-21T03:00:00Z"
            second |= self._where(database) if self.chance(0.5) else {}
            if self.chance(0.5):
                self._changed(second)
            place = f"exports/second/{number}.postgres.json"
            self.documents.append(Document(place, json.dumps(second), "export", database.name))

    def _export(self, database: _Database) -> Json:
        poster, viewer, runner, loader = (self.named(role) for role in ROLES)
        group = self.named("transformer")
        admin = self.named("admin")
        roles: dict[str, Mapping[str, object]] = {admin: {"superuser": True}, **database.roles}
        roles[group] = {"login": False}
        members = [(runner, group)] if self.chance(0.8) else []
        members += [(viewer, poster)] if self.chance(0.15) else []
        usage = [f"{name}=U/{admin}" for name in (poster, viewer)]
        return native.export(
            database.name,
            self._where(database),
            roles,
            members,
            {
                "fin": usage if self.chance(0.9) else usage[1:],
                "raw": [f"{group}=U/{admin}", f"{loader}=U/{admin}"],
                "marts": [f"{group}=UC/{admin}", f"{viewer}=U/{admin}"],
            },
            [
                native.relation(
                    "fin", "gl", admin, [f"{poster}=arw/{admin}", f"{viewer}=r/{admin}"]
                ),
                native.relation(
                    "raw", "payments", admin, [f"{group}=r/{admin}", f"{loader}=aw/{admin}"]
                ),
                native.relation("marts", "revenue", group, [f"{viewer}=r/{group}"]),
            ],
            admin,
        )

    def _changed(self, export: Json) -> None:
        """What another day, or another clerk, wrote."""
        roles = {role["name"]: role for role in export["roles"]}
        match self.rng.randrange(4):
            case 0:
                roles[self.named("poster")]["login"] = False
            case 1:
                export["relations"] = export["relations"][1:]
            case 2:
                export["relations"][0]["acl"] = []
            case _:
                roles[self.named("viewer")]["superuser"] = True

    # -- checkouts ------------------------------------------------------------------------------

    def _checkouts(self) -> None:
        owner, other = self.named("acme"), self.named("umbrella")
        one_folder = self.chance(0.3)
        one_package = self.chance(0.5)
        for number in range(self.rng.choice([2, 2, 3])):
            name = self.named(("books", "flows", "site")[number])
            folder = f"{('finance', 'sales', 'web')[number]}/jobs{self.stem}"
            folder = folder if one_folder else f"src/{name}"
            whose = self.rng.choice([owner, owner, owner, other])
            remote = f"{self.cased(whose)}/{self.cased(name)}" if self.chance(0.75) else ""
            commit = f"{number + 1}" * 40 if self.chance(0.3) else ""
            path = f"{whose}/{name}"
            repository = _Repository(folder, path, remote, commit if remote else "")
            if self.chance(0.5):
                number_of = 0 if one_package else number
                repository.package = self.named(f"ledger{number_of}")
            self.repositories.append(repository)
            if remote:
                place = f"{folder}/.git/config"
                self.documents.append(Document(place, native.remote(remote), "remote", remote))
            if repository.commit:
                place = f"{folder}/.git/HEAD"
                self.documents.append(Document(place, repository.commit + "\n", "head", remote))

    def _add(self, repository: _Repository, path: str, text: str, kind: str) -> None:
        place = f"{repository.folder}/{path}"
        self.documents.append(Document(place, text, kind, repository.path))

    def _callable(self, repository: _Repository) -> None:
        """A workflow that others call."""
        if not self.chance(0.6):
            return
        job, secret = self._client()
        declared = {"secrets": {name: {"required": False} for name in (secret, "DBT_PW")}}
        on = {"workflow_call": declared if self.chance(0.5) else {}}
        content = {"name": "post", "on": on, "permissions": self._permissions()}
        content["jobs"] = {"post": job}
        self._add(repository, ".github/workflows/post.yml", native.yaml_text(content), "called")
        self.called.append((repository, "post.yml", secret))

    def _repository(self, repository: _Repository) -> None:
        jobs: dict[str, Any] = {}
        for number in range(self.rng.choice([1, 2, 2])):
            jobs[f"job{number}"] = self._job(repository)
        trigger: Json = {"schedule": [{"cron": "0 2 * * *"}]}
        on = self.rng.choice([trigger, trigger, {"push": {"branches": ["main"]}}])
        content: Json = {"name": "main", "on": on, "jobs": jobs}
        if self.chance(0.85):
            content["permissions"] = self._permissions()
        file = self.rng.choice(["nightly.yml", "nightly.yml", "Main.yml"])
        text = native.yaml_text(content)
        self._add(repository, f".github/workflows/{file}", text, "workflow")
        if repository.package:
            self._project(repository)
        if repository.remote:
            self._github(repository)

    def _permissions(self) -> Json:
        return self.rng.choice([{"contents": "read"}, {"contents": "read"}, {"contents": "write"}])

    def _job(self, repository: _Repository) -> Json:
        if self.called and self.chance(0.45):
            return self._caller(repository)
        if repository.package and self.chance(0.6):
            steps = {
                "run": "dbt build --profiles-dir . --target prod",
                "working-directory": "transform",
            }
            job = self._plain([steps])
            job["env"] = {"DBT_PW": f"${{{{ secrets.{self._secret('DBT_PW')} }}}}"}
            return job
        return self._client()[0]

    def _plain(self, steps: list[Json]) -> Json:
        job: Json = {"runs-on": "ubuntu-latest"}
        if self.chance(0.1):
            job["runs-on"] = "self-hosted"
        if self.chance(0.25):
            job["environment"] = self.rng.choice(["production", "Production", "staging"])
        job["steps"] = [{"uses": "actions/checkout@v4"}, *steps]
        return job

    def _secret(self, name: str) -> str:
        return self.rng.choice([name, name, name.lower()])

    def _client(self) -> tuple[Json, str]:
        """A job with a client of a database, or of a container; the secret is one account's.

        Of one with two accounts, the one use that is read would explain it; what is handed by name
        to unread code is asked about all the same, and has its named cases
        (``tests/unit/joins/test_unread_secrets``).
        """
        database = self.rng.choice(self.databases)
        server = database.server
        hosts = [server.address, server.address, server.name, server.name, "", "localhost"]
        host = self.rng.choice([*hosts, self.named("other.internal"), f"{self.net}.9.9.9"])
        port = str(self.rng.choice([server.port, server.port, 5432, 6543]))
        role = self.rng.choice(["poster", "poster", "viewer", "loader"])
        user, secret = self.named(role), f"{role}{self.databases.index(database)}_PW".upper()
        password = f"${{{{ secrets.{self._secret(secret)} }}}}"
        step: Json = {"run": "psql -f post.sql"}
        env = {"PGDATABASE": database.name, "PGUSER": user, "PGPASSWORD": password}
        if host:
            env["PGHOST"] = host
        if self.chance(0.6):
            env["PGPORT"] = port
        match self.rng.randrange(6):
            case 0 if host:
                env = {"URL": f"postgresql://{user}:{password}@{host}:{port}/{database.name}"}
                step = {"run": 'psql "$URL" -f post.sql'}
            case 1:
                step = {"run": "python post.py"}
            case _:
                pass
        job = self._plain([{**step, "env": env}])
        if self.chance(0.25):
            published = self.rng.choice([port, "5432"])
            job["services"] = {
                "db": {"image": "postgres:16", "ports": [f"{published}:5432"]},
            }
        return job, secret

    def _caller(self, repository: _Repository) -> Json:
        callee, file, secret = self.rng.choice(self.called)
        if callee is repository:
            uses = f"./.github/workflows/{file}"
        else:
            at = callee.commit if callee.commit and self.chance(0.5) else "main"
            owner, _, name = callee.name.partition("/")
            uses = f"{self.cased(owner)}/{self.cased(name)}/.github/workflows/{file}@{at}"
        job: Json = {"uses": uses}
        if self.chance(0.5):
            job["secrets"] = "inherit"
        else:
            job["secrets"] = {secret: f"${{{{ secrets.{self._secret(secret)} }}}}"}
        return job

    # -- dbt ------------------------------------------------------------------------------------

    def _project(self, repository: _Repository) -> None:
        database = self.rng.choice(self.databases)
        package = repository.package
        project = native.yaml_text({"name": package, "profile": package})
        self._add(repository, "transform/dbt_project.yml", project, "project")
        server = database.server
        output = {
            "type": "postgres",
            "host": self.rng.choice([server.address, server.name]),
            "port": server.port,
            "dbname": database.name,
            "schema": "marts",
            "user": self.named("dbt_runner"),
            "password": "{{ env_var('DBT_PW') }}",
        }
        profiles = native.profiles(package, output)
        self._add(repository, "transform/profiles.yml", profiles, "profiles")
        models = ["revenue"] if self.chance(0.7) else ["revenue", "margin"]
        manifest = json.dumps(native.manifest(package, database.name, models))
        self._add(repository, "transform/target/manifest.json", manifest, "manifest")

    # -- GitHub ---------------------------------------------------------------------------------

    def _github(self, repository: _Repository) -> None:
        """Some exports of the repository, beside its files."""
        name = self.cased(repository.remote)
        made = {
            "repository": native.described(name),
            "protection": native.protection(name, self.rng.choice([0, 1])),
            "environments": native.environments(
                name,
                {"Production": [self.named("carol")] if self.chance(0.5) else [], "staging": []},
            ),
            "secrets": native.secrets(["POSTER0_PW", "VIEWER0_PW", "DBT_PW"]),
            "actions-permissions-workflow": native.token_default(
                self.rng.choice(["read", "write"])
            ),
        }
        for file, text in made.items():
            if self.chance(0.4):
                place = f"{repository.folder}/github/{file}.json"
                copies = (f"{repository.folder}/github/again/{file}.json",)
                document = Document(place, text, "github", repository.path, copies)
                self.documents.append(document)

    # -- GitLab ---------------------------------------------------------------------------------

    def _gitlab(self) -> None:
        """Projects with pipelines, drawn apart: what else the company has stays what it was."""
        rng = random.Random(f"gitlab {self.seed}{self.stem}")
        servers = [
            pipelines.Server(one.name, (one.server.address, one.server.name), one.server.port)
            for one in self.databases
        ]
        for project in pipelines.projects(rng, self.named, servers):
            about = f"gitlab:gitlab.com/{project.path}"
            for path, text, kind in project.files:
                place = f"{project.folder}/{path}"
                self.documents.append(Document(place, text, kind, about))
            self.projects.append(project.folder)
            for path, text in gitlab_lists.listings(rng, project.path, project.listed):
                # A group's are one for all its projects, a project's for all its checkouts.
                if all(one.path != f"exports/{path}" for one in self.documents):
                    self.documents.append(Document(f"exports/{path}", text, "listing", about))

    # -- MySQL ----------------------------------------------------------------------------------

    def _mysql(self) -> None:
        """Servers with their exports, and a workflow whose jobs log in to them."""
        rng = random.Random(f"mysql {self.seed}{self.stem}")
        self.of_mysql = mysql.servers(rng, self.stem, self.net)
        for number, server in enumerate(self.of_mysql):
            text = json.dumps(mysql.export(rng, server, self.stem))
            place = f"exports/my{number}-{server.schema}.mysql.json"
            copy = f"exports/again/my{number}.mysql.json"
            self.documents.append(Document(place, text, "mysql", server.schema, copies=(copy,)))
        if self.of_mysql and rng.random() < 0.8:
            jobs = {
                f"my{number}": mysql.job(rng, self.of_mysql, self.stem)
                for number in range(rng.choice([1, 2]))
            }
            on = {"schedule": [{"cron": "0 3 * * *"}]}
            content = {"name": "my", "on": on, "permissions": {"contents": "read"}, "jobs": jobs}
            repository = rng.choice(self.repositories)
            text = native.yaml_text(content)
            self._add(repository, ".github/workflows/my.yml", text, "workflow")

    # -- facts ----------------------------------------------------------------------------------

    def _facts(self) -> None:
        names = sorted({database.name for database in self.databases})
        tables = ("fin.gl", "raw.payments", "marts.revenue")
        inventory = {
            "nhigraph": "facts/1",
            "nodes": [
                {"kind": "Dataset", "key": f"dataset:postgres:{name}.{table}"}
                for name in names
                for table in tables
            ],
        }
        if self.chance(0.7):
            self._fact_file("inventory", inventory)
        if self.chance(0.7):
            self._fact_file("batch", self._batch(names))

    def _fact_file(self, name: str, content: Json) -> None:
        place = f"facts/{name}{self.stem}.facts.yaml"
        copy = f"facts/again/{name}{self.stem}-copy.facts.yaml"
        text = native.yaml_text(content)
        self.documents.append(Document(place, text, "facts", name, copies=(copy,)))

    def _batch(self, names: list[str]) -> Json:
        """A service with rights that no export shows, and records that cannot be read."""
        service = f"app{self.stem}:svc-batch"
        name = self.rng.choice(names)
        repository = self.rng.choice(self.repositories)
        role = f"role:postgres:{name}/{self.named('poster')}"
        secret = f"github:{self.cased(repository.path)}/secret/{self._secret('POSTER0_PW')}"
        table = f"dataset:postgres:{name}.raw.payments"
        possible: list[Json] = [
            {"kind": "CAN_ASSUME", "from": service, "to": role},
            {"kind": "CAN_READ", "from": service, "to": secret},
            {"kind": "CAN_WRITE", "from": service, "to": table},
            {"kind": "CAN_WRITE", "from": role, "to": f"dataset:postgres:{name}.fin.gl"},
            {"kind": "FEEDS", "from": table, "to": f"dataset:postgres:{name}.fin.gl"},
        ]
        edges = [edge for edge in possible if self.chance(0.45)]
        if edges and self.chance(0.3):
            refused: Mapping[str, str] = self.rng.choice(
                [{"certainty": "cretain"}, {"kind": "CAN_WRIET"}, {"valid_until": "soon"}]
            )
            edges.append({**self.rng.choice(possible), **refused})
        nodes: list[Json] = [{"kind": "ServiceAccount", "key": service, "name": "svc-batch"}]
        if self.chance(0.15):
            nodes.append({"kind": "Servce", "key": f"app{self.stem}:svc-odd"})
        return {"nhigraph": "facts/1", "extracted": "2026-11-19", "nodes": nodes, "edges": edges}

    # -- scope ----------------------------------------------------------------------------------

    def _scope(self) -> Json:
        names = sorted({database.name for database in self.databases})

        def items(table: str) -> list[Json]:
            return [{"key": f"dataset:postgres:{name}.{table}"} for name in names]

        stem = self.stem or "x"
        return {
            "nhigraph": "scope/1",
            "organization": "Acme",
            "commitments": ["S", "A", "PI", "C", "P"],
            "as_of": DAY,
            "targets": [
                {
                    "id": f"{stem}-gl",
                    "family": "financial-reporting",
                    "process": "record-to-report",
                    "fs_role": "record",
                    "icfr_basis": "own",
                    "select": [*items("fin.gl"), *mysql.targets(self.of_mysql)],
                },
                {
                    "id": f"{stem}-revenue",
                    "family": "financial-reporting",
                    "process": "revenue",
                    "fs_role": "key_report",
                    "icfr_basis": "own",
                    "select": items("marts.revenue"),
                },
                {
                    "id": f"{stem}-payments",
                    "family": "trust-service",
                    "commitments": ["PI", "C"],
                    "select": items("raw.payments"),
                },
            ],
        }

    def _inputs(self) -> tuple[str, ...]:
        if self.seed % 2:
            return (".",)
        folders = [repository.folder for repository in self.repositories]
        return (*folders, *self.projects, "exports", "facts")
