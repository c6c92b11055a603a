"""The laws of the design, section 9, as complaints: each says what is wrong, or nothing."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from tests.documents.company import Company, Document, company
from tests.documents.judging import (
    Judged,
    bare,
    certainly,
    judge,
    judge_in,
    letters,
    level,
    of,
    write,
)
from tests.estate_files import Rows

_APART = re.compile(r"kept apart|that is meant is|of which an export is|no export is of")
_IN = re.compile(r"^\w+:postgres:([^./]+)")
#: What answers an end of another document, where nothing else of its kind does.
_ANSWERS = ("export", "called", "manifest", "profiles", "remote", "part")


@dataclass(frozen=True, slots=True)
class Complaint:
    """One breach of a law.

    Attributes:
        law: Which.
        seed: Of the company.
        what: What was done, and what came of it.
    """

    law: str
    seed: int
    what: str


class Trial:
    """The laws on one company; what every law needs is judged once."""

    def __init__(self, seed: int, folder: Path) -> None:
        """Draw it and judge it."""
        self.seed, self.folder = seed, folder
        self.rng = random.Random(f"laws {seed}")
        self.company = company(seed)
        self.runs = 0
        self.whole = self._judge(self.company)

    def _place(self) -> Path:
        self.runs += 1
        return self.folder / f"{self.seed}-{self.runs}" / "estate"

    def _judge(self, made: Company) -> Judged:
        return judge_in(self._place(), made)

    def complaints(self) -> Iterator[Complaint]:
        """What breaks a law."""
        for law, found in (
            ("one document fewer", self.one_fewer()),
            ("an answer fewer", self.an_answer_fewer()),
            ("order", self.order()),
            ("twice", self.twice()),
            ("strangers", self.strangers() if self.seed % 2 else iter(())),
        ):
            yield from (Complaint(law, self.seed, what) for what in found)

    # -- adding and removing --------------------------------------------------------------------

    def one_fewer(self) -> Iterator[str]:
        """A document that is added takes nothing certain away."""
        for gone in _chosen(self.rng, [(one,) for one in self.company.documents]):
            yield from self.added(gone, self._judge(self.company.without(*gone)))

    def an_answer_fewer(self) -> Iterator[str]:
        """What answered is no longer there: nobody is cleared without a gap."""
        for gone in _chosen(self.rng, answers(self.company)):
            fewer = self._judge(self.company.without(*gone))
            yield from self.added(gone, fewer)
            yield from self.removed(gone, fewer)

    def added(self, more: tuple[Document, ...], before: Judged) -> Iterator[str]:
        """What the documents took away as they were added to what was judged ``before``."""
        after, paths = self.whole, [one.path for one in more]
        if any(one.kind == "remote" for one in more):
            return  # Who the identities of a checkout are is what it says.
        told = any(_APART.search(line) for _, line in after.lines - before.lines)
        known = {row["identity"] for row in after.identities}
        for row in before.identities:
            if row["identity"] not in known and not _stands_in(row["identity"]):
                yield f"adding {paths}: {row['identity']} is no longer in the population"
        for row in before.verdicts:
            here = of(after.verdicts, identity=row["identity"], target=row["target"])
            said = f"adding {paths}: {row['identity']} at {row['target']}"
            lost = level([row]) > level(here) and row["soc1"] in {"direct", "indirect"}
            if row["certainty"] == "can":
                if lost:
                    yield f"{said}: {row['soc1']} became {[one['soc1'] for one in here]}"
                missing = _missing(row, here, before)
                if missing:
                    yield f"{said}: lost the letters {missing}"
                same = [one for one in here if _said(one) == _said(row)]
                if same == here != [] and not of(here, certainty="can") and not told:
                    yield f"{said}: can became may, and no line says why"
            elif lost and after.lines == before.lines:
                yield f"{said}: may {row['soc1']} is gone, and no line says why"

    def removed(self, gone: tuple[Document, ...], after: Judged) -> Iterator[str]:
        """Who was cleared without a gap as the documents were taken away."""
        paths = [one.path for one in gone]
        for identity in sorted({row["identity"] for row in self.whole.identities}):
            if self._is_shown_by(identity, gone) or self._shares_a_server(identity, gone):
                continue
            if self._is_doubted_only_there(identity, gone):
                continue
            before = of(self.whole.identities, identity=identity)
            here = of(after.identities, identity=identity)
            said = f"without {paths}: {identity}"
            if not here:
                yield f"{said} is no longer in the population"
            elif level(before) > 0 and level(here) == 0:
                yield f"{said}: soc1 {before[0]['soc1']} became none, gaps {here[0]['gaps']!r}"
            elif _reached(before) and not _reached(here):
                yield f"{said}: soc2 {sorted(letters(before))} is gone without a gap"

    def _is_shown_by(self, identity: str, gone: tuple[Document, ...]) -> bool:
        """Whether the documents are what shows the identity: without them there is no row.

        A machine is named by a job that runs on it: by one of its own repository, or by a called
        one that runs there for a caller of that repository. The caller then has a gap (section 9,
        "the caller's job is judged by what runs under it"); of the machine nothing is said.
        """
        own = any(_own(one, identity) for one in gone)
        repository, found, _ = identity.partition("/runner/")
        if found and not own:
            left = self.company.without(*gone).documents
            about = [one for one in left if f"github:{one.about.lower()}" == repository]
            return not any("runs-on: self-hosted" in one.text for one in about)
        return own

    def _is_doubted_only_there(self, identity: str, gone: tuple[Document, ...]) -> bool:
        """Whether all that was open of a job was what a called workflow does with a secret of it.

        The job calls nothing, so the workflow answers no end of it: it raised the question ("the
        document that answers an end of another given document", section 9). So does a profile that
        names another host for a database, of a job that opens no profile: without it the only
        export of that database answers, "certain as today, unless hosts differ".
        """
        file = identity.partition("/job/")[2].partition("#")[0]
        home = identity.partition("/job/")[0].removeprefix("github:")
        at = f"/workflows/{file}"
        documents = [d for d in self.company.documents if d.about.lower() == home]
        own = [d.text for d in documents if d.path.endswith(at)]
        if not own or any("post.yml" in text for text in own):
            return False
        rows = of(self.whole.identities, identity=identity)
        if all(one.kind == "profiles" for one in gone) and not any("dbt" in text for text in own):
            return all(row["soc1"] == "undetermined" for row in rows)
        gaps = {gap for row in rows for gap in row["gaps"].split(";") if gap}
        called = [one for one in gone if one.kind == "called" and one.about.lower() == home]
        used = " ".join(one.text.lower() for one in called)
        return (
            bool(gaps)
            and all(row["soc1"] == "undetermined" for row in rows)
            and all("/secret/" in gap and f".{_name(gap)} " in used for gap in gaps)
        )

    def _shares_a_server(self, identity: str, gone: tuple[Document, ...]) -> bool:
        """Whether it comes from one database to another, or may: no document asks for that."""
        rows = of(self.whole.identities, identity=identity)
        gaps = {gap for row in rows for gap in row["gaps"].split(";")}
        reasons = self.whole.assessment.gap_reasons.items()
        asked = {bare(key) for key, texts in reasons if "lie on one server" in " ".join(texts)}
        if asked.intersection(gaps):
            return True
        databases = {one.about for one in gone if one.kind == "export"}
        if _database(identity) and not databases.isdisjoint(map(_holder, gaps)):
            # What is open in a database is reached by a role of another one.
            return _database(identity) not in databases
        paths = self.whole.assessment.paths
        for row in self.whole.assessment.verdicts:
            if bare(row.identity) != identity or row.path_id not in paths:
                continue
            for step in paths[row.path_id]:
                ends = [_database(step.source), _database(step.target)]
                if all(ends) and ends[0] != ends[1] and ends[1] in databases:
                    return True
        return False

    # -- order, copies, strangers ---------------------------------------------------------------

    def order(self) -> Iterator[str]:
        """Neither the order of the inputs nor that of the files' names says anything."""
        inputs = list(self.company.inputs)
        if len(inputs) > 1:
            place = self._place()
            given = write(place, self.company)
            self.rng.shuffle(given)
            found = judge(given)
            if found.verdicts_csv != self.whole.verdicts_csv:
                yield f"verdicts.csv differs: {_first(found.verdicts, self.whole.verdicts)}"
            if found.identities_csv != self.whole.identities_csv:
                yield f"identities.csv differs: {_first(found.identities, self.whole.identities)}"
            return
        renamed = tuple(
            replace(one, path=one.path.replace("exports/", f"exports/{9 - number % 9}-"))
            if one.kind == "export"
            else one
            for number, one in enumerate(self.company.documents)
        )
        yield from _differ(self._judge(replace(self.company, documents=renamed)), self.whole)

    def twice(self) -> Iterator[str]:
        """A copy of a document says nothing of its own."""
        copied = [one for one in self.company.documents if one.copies]
        if copied:
            one = self.rng.choice(copied)
            second = replace(one, path=self.rng.choice(one.copies))
            found = self._judge(self.company.plus(second))
            for what in _differ(found, self.whole):
                yield f"{one.path} also as {second.path}: {what}"

    def strangers(self) -> Iterator[str]:
        """Judged beside a company with which nothing is shared, each has its own rows."""
        other = company(self.seed + 1, "zz")
        alone = self._judge(other)
        place = self._place()
        targets = [*self.company.scope["targets"], *other.scope["targets"]]
        scope = {**self.company.scope, "targets": targets}
        write(place / "one", replace(self.company, scope=scope))
        write(place / "two", other, scope=False)
        both = judge([place])
        for name in ("identities", "verdicts"):
            rows = [*getattr(self.whole, name), *getattr(alone, name)]
            expected = sorted(rows, key=lambda row: [*row.items()])
            if getattr(both, name) != expected:
                yield f"{name} together: {_first(getattr(both, name), expected)}"


def _missing(row: dict[str, str], here: Rows, before: Judged) -> set[str]:
    """Letters of a row that are certain and not among those of others."""
    missing = letters([row]) - letters(here) - {"undetermined"}
    if not missing:
        return missing
    sure = of(certainly(before), identity=row["identity"], target=row["target"])
    return missing & letters(sure)


def _chosen(
    rng: random.Random, groups: list[tuple[Document, ...]]
) -> Iterator[tuple[Document, ...]]:
    """One group of documents of all, and one of those about MySQL where there are any."""
    of_mysql = [many for many in groups if any(_about_mysql(one) for one in many)]
    others = [many for many in groups if many not in of_mysql]
    for some, draw in ((others, rng), (of_mysql, random.Random(len(groups)))):
        if some:
            yield draw.choice(some)


def _about_mysql(one: Document) -> bool:
    return one.kind == "mysql" or one.path.endswith("/my.yml")


def _stands_in(identity: str) -> bool:
    """Whether it stands for an account of which no document says from which host it is.

    The server picks an account by the host that it sees: an export says which there are, and the
    login is then one of these.
    """
    return identity.startswith("role:mysql:") and identity.endswith("@?")


def answers(made: Company) -> list[tuple[Document, ...]]:
    """Groups of documents that, together, answer an end of another document.

    Of a database they are all its exports: one that is left answers, and may say less. "A login is
    answered by the only export of that platform and database, certain as today, unless hosts of
    one notation differ" (section 9): so it is where a client names another host than the export
    that was taken away. And an export lists every relation that its database has, whoever runs it:
    of a table that is not in the one that is left it says that it was not there that day.
    """
    found: list[tuple[Document, ...]] = []
    exports: dict[str, list[Document]] = {}
    for one in made.documents:
        if one.kind in ("export", "mysql"):
            exports.setdefault(f"{one.kind} {one.about}", []).append(one)
        elif one.kind in _ANSWERS and _is_asked(made, one):
            found.append((one,))
    return [*found, *(tuple(many) for many in exports.values())]


def _is_asked(made: Company, answer: Document) -> bool:
    """Whether another document asks: a manifest that nobody builds only tells of lineage."""
    beside = [one.text for one in made.documents if one.about == answer.about]
    others = [one.text.lower() for one in made.documents if one.kind in {"called", "workflow"}]
    if answer.kind == "manifest":
        return any("dbt build" in text for text in beside) and _may_build(made, answer)
    if answer.kind == "called":
        uses = f"uses: {answer.about.lower()}/.github/workflows/post.yml@"
        own = any("uses: ./.github/workflows/post.yml" in text for text in beside)
        return own or any(uses in text for text in others)
    return True


def _may_build(made: Company, manifest: Document) -> bool:
    """Whether the role that builds a project has a right in every export of its database.

    One that has none builds nothing, whatever its job runs: then the manifest is no answer to the
    job, and what it tells of lineage no given document asks for ("the document that answers an end
    of another given document", section 9).
    """
    profiles = [d for d in made.documents if d.kind == "profiles" and d.about == manifest.about]
    for profile in profiles:
        (said,) = [one["outputs"]["prod"] for one in yaml.safe_load(profile.text).values()]
        exports = [d for d in made.documents if d.kind == "export" and d.about == said["dbname"]]
        for export in exports:
            members = {one["member"] for one in json.loads(export.text)["memberships"]}
            if said["user"] not in members:
                return False
    return True


def _own(gone: Document, identity: str) -> bool:
    """Whether a document is what shows the identity."""
    match gone.kind:
        case "export":
            return identity.startswith(f"role:postgres:{gone.about}/")
        case "mysql":
            # Accounts are the server's, whose name is none of theirs.
            return identity.startswith("role:mysql:")
        case "called":
            return identity.startswith(f"github:{gone.about.lower()}/job/post.yml#")
        case "remote":
            # Without it the repository is a stranger to all owners but its own.
            owner = gone.about.lower().partition("/")[0]
            whose = f"github:{gone.about.lower()}/", f"github:{owner}/"
            return identity.startswith(whose[0]) or not identity.startswith(whose[1])
    return False


def _said(row: dict[str, str]) -> tuple[str, ...]:
    return row["soc1"], row["soc2"], row["soc2_outside"]


def _reached(rows: Rows) -> bool:
    return any(row["verdict"] != "neither" for row in rows)


def _database(key: str) -> str:
    plain = bare(key)
    prefix = "role:postgres:"
    return plain.removeprefix(prefix).partition("/")[0] if plain.startswith(prefix) else ""


def _name(secret: str) -> str:
    return secret.rpartition("/")[2].lower()


def _holder(key: str) -> str:
    """Name of the database that a role, a table or a schema is of."""
    found = _IN.match(key)
    return found[1] if found else ""


def _differ(found: Judged, expected: Judged) -> Iterator[str]:
    for name in ("identities", "verdicts"):
        if getattr(found, name) != getattr(expected, name):
            yield f"{name}: {_first(getattr(found, name), getattr(expected, name))}"


def _first(found: Rows, expected: Rows) -> str:
    """The first rows that differ, as short as they can be told."""
    more = [row for row in found if row not in expected]
    less = [row for row in expected if row not in found]
    if more and less:
        new, old = more[0], less[0]
        same = [row for row in less if row["identity"] == new["identity"]]
        old = next((r for r in same if r.get("target") == new.get("target")), old)
        cells = {n: (old[n], new[n]) for n in new if new[n] != old.get(n)}
        return f"{new['identity']} {new.get('target', '')} was/is {cells}"
    return f"more {more[:1]}, fewer {less[:1]}"
