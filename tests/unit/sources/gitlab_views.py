"""A pipeline's facts as a reader would write them down: a few short words for each job."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from nhigraph.facts import keys, values
from nhigraph.facts.ends import Container, End, Step, Token, Work
from nhigraph.facts.facts import Edge, Fact, Gap, Node, Note, Refused
from nhigraph.facts.keys import gitlab
from nhigraph.facts.tables import FactTable
from nhigraph.ingest.discover import discover
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, EdgeKind
from nhigraph.sources.gitlab_ci import INGESTOR

CASES = Path(__file__).parent / "gitlab_ci"
REMOTE = "https://gitlab.com/acme/data/erp.git"


def cases(topic: str = "*") -> dict[str, dict[str, Any]]:
    """All cases by name, or those of one topic."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(CASES.glob(f"{topic}.yaml")):
        for name, case in yaml.safe_load(file.read_text()).items():
            assert name not in found, name
            found[name] = case
    return found


def written(case: dict[str, Any], folder: Path) -> Path:
    """The files of a case, as a checkout."""
    remote = case.get("remote", REMOTE)
    git = folder / ".git" / "config"
    git.parent.mkdir(parents=True)
    git.write_text(f'[remote "origin"]\n\turl = {remote}\n' if remote else "[core]\n")
    (folder / ".gitlab-ci.yml").write_text(case["main"])
    for name, text in case.get("files", {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@dataclass
class Told:
    """What the files of a case say."""

    facts: tuple[Fact, ...]
    read: tuple[str, ...]

    @classmethod
    def of(cls, folder: Path) -> "Told":
        """Read every file of a folder that the source recognises."""
        facts: list[Fact] = []
        read: list[str] = []
        for doc in discover([folder]).documents:
            if doc.path.suffix in (".yml", ".yaml", ".json") and INGESTOR.recognises(doc):
                found = [*INGESTOR.read(doc)]
                if found and isinstance(found[0], Note) and found[0].evidence.pointer == "":
                    # Read as a part of another one, or not at all in favour of it.
                    read += [doc.artifact] if "as a part" in found[0].reason else []
                else:
                    facts += [one for one in found if not isinstance(one, FactTable)]
        return cls(tuple(facts), tuple(read))

    def lines(self, kind: type[Note] | type[Refused]) -> list[str]:
        """Lines of one sort."""
        return [one.reason for one in self.facts if isinstance(one, kind)]

    @cached_property
    def pipeline_gaps(self) -> list[str]:
        """Gaps at the project's pipeline."""
        return [
            one.reason
            for one in self.facts
            if isinstance(one, Gap) and isinstance(keys.parse(one.at), gitlab.Workflow)
        ]

    @property
    def triggers(self) -> list[str]:
        """Sources of the project's pipelines."""
        for one in self.facts:
            if isinstance(one, Node) and one.kind is k.WORKFLOW and "triggers" in one.props:
                return [entry.partition("=")[0] for entry in _words(one.props["triggers"])]
        return []

    @property
    def jobs(self) -> list[str]:
        """Jobs by the name they have in a case."""
        found = (one for one in self.facts if isinstance(one, Node) and one.kind is k.CI_JOB)
        return [_job(one.key) for one in found]

    def view(self, job: str) -> "JobView":
        """What is said of one job."""
        nodes = [one for one in self.facts if isinstance(one, Node) and one.kind is k.CI_JOB]
        (node,) = (one for one in nodes if _job(one.key) == job)
        return JobView(node, self.facts)


def _job(text: str) -> str:
    key = keys.parse(text)
    assert isinstance(key, gitlab.Job)
    return f"{key.file}#{key.job}" if key.file else key.job


def _words(value: object) -> Iterable[str]:
    return value if isinstance(value, tuple) else ()


@dataclass
class JobView:
    """One job, by the words of the cases."""

    node: Node
    facts: tuple[Fact, ...]

    def __getitem__(self, word: str) -> object:
        """What is said under a word."""
        found: Callable[[], object] = getattr(self, f"say_{word}")
        return found()

    def _out(self, *kinds: EdgeKind) -> Iterator[Edge]:
        for one in self.facts:
            if isinstance(one, Edge) and one.source == self.node.key and one.kind in kinds:
                yield one

    def _into(self, *kinds: EdgeKind) -> Iterator[Edge]:
        for one in self.facts:
            if isinstance(one, Edge) and one.target == self.node.key and one.kind in kinds:
                yield one

    def _ends(self, kind: type[End]) -> Iterator[Any]:
        return (one for one in self.facts if isinstance(one, kind) and one.at == self.node.key)

    def say_work(self) -> list[str]:
        """Programs, in their order."""
        return [one.program for one in sorted(self._ends(Work), key=lambda one: one.step)]

    def say_steps(self) -> list[int]:
        """Shells in which something runs."""
        return sorted({one.step for one in self._ends(Work)})

    def say_env(self) -> dict[str, str]:
        """Variables of the first shell that are known for something, or that a client asks for."""
        steps = [one for one in self._ends(Step) if one.step == 0]
        shown = {name: _value(value) for step in steps for name, value in step.env.items() if name}
        return {name: told for name, told in shown.items() if told != "~"}

    def say_options(self) -> dict[str, dict[str, str]]:
        """Options of programs."""
        return {
            one.program: {name: _value(value) for name, value in one.options.items()}
            for one in self._ends(Work)
        }

    def say_reads(self) -> list[str]:
        """Variables of GitLab's; ``?`` behind one that may be there."""
        return sorted(
            {
                _short(one.target) + ("?" if one.certainty is Certainty.CONDITIONAL else "")
                for one in self._out(k.CAN_READ)
                if isinstance(
                    keys.parse(one.target), gitlab.RepositorySecret | gitlab.EnvironmentSecret
                )
            }
        )

    def say_shown(self) -> list[str]:
        """Secrets that files show, of which it is asked what they open."""
        found = (keys.parse(one.target) for one in self._out(k.CAN_READ))
        return sorted({one.name for one in found if isinstance(one, keys.Written)})

    def say_stored(self) -> list[str]:
        """Secrets of stores."""
        found = (one.target for one in self._out(k.CAN_READ))
        return sorted({one for one in found if isinstance(keys.parse(one), keys.Stored)})

    def say_image(self) -> list[str]:
        """Images that it runs in."""
        found = (keys.parse(one.source) for one in self._into(k.EXECUTES))
        return sorted(one.reference for one in found if isinstance(one, keys.Image))

    def say_runner(self) -> list[str]:
        """Tags of its runner; ``?`` behind them where another may run it."""
        found = []
        for one in self._into(k.EXECUTES):
            key = keys.parse(one.source)
            if isinstance(key, gitlab.Runner):
                mark = "?" if one.certainty is Certainty.CONDITIONAL else ""
                found += [f"{tag}{mark}" for tag in key.tags or ("(untagged)",)]
        return found

    def say_leaves(self) -> bool:
        """Whether it may leave something on its runner."""
        return any(
            isinstance(keys.parse(one.target), gitlab.Runner) for one in self._out(k.CAN_WRITE)
        )

    def say_code(self) -> list[str]:
        """Files of elsewhere that run as it."""
        found = (one.source for one in self._into(k.EXECUTES))
        files = (gitlab.Included, gitlab.RemoteFile)
        return sorted({one for one in found if isinstance(keys.parse(one), files)})

    def say_services(self) -> list[str]:
        """Containers beside it."""
        return [f"{one.name}={one.image}" for one in self._ends(Container)]

    def say_container(self) -> object:
        """Whether it runs in one."""
        return self.node.props.get("container")

    def say_environments(self) -> list[str]:
        """Names, as its property has them."""
        return [*_words(self.node.props.get("environments"))]

    def say_needs(self) -> list[str]:
        """Jobs before it."""
        return [*_words(self.node.props.get("needs"))]

    def say_gates(self) -> list[str]:
        """Environments whose rules stand between the configuration and the job."""
        found = set()
        for one in self._into(k.EXECUTES):
            if isinstance(keys.parse(one.source), gitlab.Workflow):
                key = keys.parse(one.gate or "")
                named = isinstance(key, gitlab.EnvironmentProtection)
                found.add(key.environment.name if named else "")  # type: ignore[union-attr]  # it is one
        return sorted(found)

    def say_tokens(self) -> list[str]:
        """Audiences of its identity tokens."""
        return [" ".join(one.audiences) for one in self._ends(Token)]

    def say_subjects(self) -> list[str]:
        """Subjects of these."""
        return sorted({subject for one in self._ends(Token) for subject in one.subjects})

    def say_grants(self) -> list[str]:
        """Permissions that it holds."""
        found = (keys.parse(one.target) for one in self._out(k.HOLDS))
        return sorted({one.permission for one in found if isinstance(one, gitlab.Permission)})

    def say_pushes(self) -> list[str]:
        """Rules before what its token, or the grant of that, pushes."""
        own = {self.node.key, *(one.target for one in self._out(k.HOLDS))}
        found = []
        for one in self.facts:
            if isinstance(one, Edge) and one.kind is k.CAN_WRITE and one.source in own:
                key = keys.parse(one.target)
                rule = keys.parse(one.gate or "")
                if isinstance(key, gitlab.Repository) and isinstance(
                    rule, gitlab.BranchProtection
                ):
                    found.append(f"protection/{rule.branch}")
        return sorted(set(found))

    def say_starts(self) -> list[str]:
        """Pipelines that it starts."""
        return [one.target for one in self._out(k.DEPENDS_ON)]

    def say_feeds(self) -> list[str]:
        """Variables that it hands on."""
        mine = {one.target for one in self._out(k.CAN_READ)}
        return [
            f"{_short(one.source)} -> {one.target}"
            for one in self.facts
            if isinstance(one, Edge) and one.kind is k.FEEDS and one.source in mine
        ]

    def say_gaps(self) -> list[str]:
        """Reasons of the gaps at it."""
        return [
            one.reason for one in self.facts if isinstance(one, Gap) and one.at == self.node.key
        ]

    def say_events(self) -> list[str]:
        """Sources of pipelines that it may be in."""
        return list(_words(self.node.props.get("triggers")))

    def say_state(self) -> str:
        """Its state."""
        return str(self.node.state or "active")


def _short(text: str) -> str:
    match keys.parse(text):
        case gitlab.RepositorySecret(name=name):
            return name
        case gitlab.EnvironmentSecret(environment=of, name=name):
            return f"{of.name}/{name}"
        case keys.Written(name=name):
            return f"shown {name}"
    return text


def _value(value: values.Value) -> str:
    """References in the short form of the cases."""
    return "|".join(_ref(one) for one in sorted(value, key=values.order)) or "?"


def _ref(ref: object) -> str:  # noqa: PLR0911 - one line for each type
    match ref:
        case values.Literal(text=text):
            return "~" if text is None else text
        case values.Secret(key=key):
            found = _short(key)
            return found if " " in found or ":" in found else f"${found}"
        case values.Within(key=key):
            return f"in ${_short(key)}"
        case values.Variable(name=name):
            return f"&{name}"
        case values.Local(name=name):
            return f"@{name}"
        case values.Token():
            return "job token"
        case values.Connection(user=user, host=host, port=port, database=database, secret=key):
            said = [getattr(one, "text", None) or "" for one in (user, host, port, database)]
            return f"{said[0]}@{said[1]}:{said[2]}/{said[3]} by ${_short(key)}"
    return "?"
