"""What a secret or a variable probably opens, told by nothing but its own name.

A name is a hint and never proof: nothing keeps a job from storing a database's password as
``CODECOV_TOKEN``. Proposals, grouping and wording rest on this module, no verdict does.

Source: ``data/credentials.yaml``, each entry with the page that documents its names; CONTRIBUTING
says how to add one. ``GITHUB_TOKEN`` by that very name is the job's own token and no secret
(https://docs.github.com/en/actions/concepts/security/github_token): no entry has it.

How a name is read: people put the stage, the team or the project around the name that the tool's
documentation gives (``ACME_CODECOV_TOKEN``, ``SONAR_TOKEN_PROD``), as whole words between
underscores. So the whole name is looked up, then whatever stands in it as whole words; the entry
with most words of its own wins, and where two providers have equally many the name says nothing.
A documented name that begins with one or two letters (``CO_API_KEY``) counts only alone or with a
stage: ``ACME_CO_API_KEY`` is as likely a company's own.
"""

import re
from functools import cache
from typing import Final, TypedDict, cast

from nhigraph.policy import tables
from nhigraph.records import dataclass
from nhigraph.schema.types import State

#: What comes before or after a name and says where it is used, never what it opens.
_STAGES: Final = frozenset(
    {"CI", "DEV", "DEVELOP", "DEVELOPMENT", "LIVE", "MAIN", "MY", "NIGHTLY", "PREPROD", "PREVIEW"}
    | {"PROD", "PRODUCTION", "QA", "SANDBOX", "STAGE", "STAGING", "STG", "TEST", "TESTING", "TST"}
    | {"UAT"}
)
_BETWEEN: Final = re.compile(r"[-._ /]+")
#: Words beyond which nobody's naming goes; patterns with a star inside are not tried on more.
_LONG: Final = 24
#: Letters that are too few to be a provider's own among other words.
_SHORT: Final = 2


@dataclass(frozen=True, slots=True)
class Known:
    """One entry of the catalogue, as one name was matched with it."""

    provider: str
    """Short id, the same for every name of one provider: what to group by."""
    title: str
    """The provider's or tool's own name."""
    sort: str
    """What kind of thing it opens; a key of ``sorts()``."""
    opens: str
    """What the holder can do there, in one sentence."""
    effect: tuple[State, ...]
    """The states it usually gives at what it opens, strongest first; empty for none."""
    finance: bool
    """Whether such a system usually holds transactions or books: a hint to ask, no more."""
    page: str
    """Where the provider documents the name (https)."""
    read: str
    """When that page was last read, as an ISO date."""
    name: str
    """The documented name or pattern that was found in the name asked about."""


class Entry(TypedDict):
    """An entry as it stands in the file, where every value is text."""

    provider: str
    title: str
    names: list[str]
    sort: str
    opens: str
    effect: list[str]
    finance: str
    page: str
    also: list[str]
    read: str


class _File(TypedDict):
    sorts: dict[str, str]
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """The file, ready to be asked."""

    exact: dict[tuple[str, ...], Known]
    """By the words of a documented name."""
    starts: dict[tuple[str, ...], Known]
    """By the words before a closing ``*``."""
    others: tuple[tuple[re.Pattern[str], int, Known], ...]
    """Patterns with a ``*`` elsewhere, and how many words of their own they have."""
    longest: int
    """Words of the longest documented name: what no run need exceed."""


def words(name: str) -> tuple[str, ...]:
    """The words of a name in upper case: ``codecov-token`` is ``CODECOV``, ``TOKEN``."""
    return tuple(word for word in _BETWEEN.split(name.upper()) if word)


def known(name: str) -> Known | None:
    """What a name probably opens; ``None`` where it says nothing or says two things.

    Args:
        name: A secret's, variable's or environment key's own name, without its holder, in any
            case.
    """
    asked = words(name)
    if asked == ("GITHUB", "TOKEN"):
        return None
    catalogue = _catalogue()
    return catalogue.exact.get(asked) or _only(_found(asked, catalogue))


def group(name: str) -> str | None:
    """The id of the provider that a name speaks of, or ``None``."""
    found = known(name)
    return found.provider if found else None


def sorts() -> dict[str, str]:
    """Every sort of thing that entries open, with what the word means."""
    return dict(_file()["sorts"])


def entries() -> tuple[Entry, ...]:
    """The entries as they stand in the file, in its order."""
    return tuple(_file()["entries"])


def read_entry(entry: Entry) -> tuple[Known, ...]:
    """What an entry says of each of its names.

    Raises:
        KeyError: A field is missing, or a word of ``effect`` is no state.
    """
    effect = tuple(sorted(State[state] for state in entry["effect"]))
    return tuple(
        Known(
            provider=entry["provider"],
            title=entry["title"],
            sort=entry["sort"],
            opens=entry["opens"],
            effect=effect,
            finance={"true": True, "false": False}[entry["finance"]],
            page=entry["page"],
            read=entry["read"],
            name=name,
        )
        for name in entry["names"]
    )


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern stands in a name as whole words; ``*`` stands for one word or more."""
    return bool(_expression(pattern).search("_".join(words(name))))


def _expression(pattern: str) -> re.Pattern[str]:
    told = "_".join("[^_]+(?:_[^_]+)*?" if word == "*" else word for word in pattern.split("_"))
    return re.compile(rf"(?:\A|_){told}(?:_|\Z)")


def _found(asked: tuple[str, ...], catalogue: _Catalogue) -> list[tuple[int, Known]]:
    """Every documented name and pattern that stands in a name, with its number of words."""
    found: list[tuple[int, Known]] = []
    for begin in range(len(asked)):
        for end in range(begin + 1, min(len(asked), begin + catalogue.longest) + 1):
            run = asked[begin:end]
            if run in catalogue.exact and (len(run[0]) > _SHORT or _alone(asked, begin, end)):
                found.append((len(run), catalogue.exact[run]))
            if end < len(asked) and run in catalogue.starts:
                found.append((len(run), catalogue.starts[run]))
    if len(asked) <= _LONG:
        name = "_".join(asked)
        found += [(size, told) for form, size, told in catalogue.others if form.search(name)]
    return found


def _alone(asked: tuple[str, ...], begin: int, end: int) -> bool:
    """Whether what stands around a run only says where it is used."""
    around = (*asked[:begin], *asked[end:])
    return len(around) <= _LONG and all(word in _STAGES or word.isdigit() for word in around)


def _only(found: list[tuple[int, Known]]) -> Known | None:
    """What most words speak for, if all that do mean one provider; the first of them by name."""
    most = max((size for size, _ in found), default=0)
    best = sorted((told for size, told in found if size == most), key=lambda told: told.name)
    return best[0] if len({told.provider for told in best}) == 1 else None


@cache
def _file() -> _File:
    """The packaged file: every scalar is text, which is what makes reading it quick."""
    return cast("_File", tables.read("nhigraph.policy", "credentials.yaml"))


@cache
def _catalogue() -> _Catalogue:
    exact: dict[tuple[str, ...], Known] = {}
    starts: dict[tuple[str, ...], Known] = {}
    others: list[tuple[re.Pattern[str], int, Known]] = []
    for told in (told for entry in entries() for told in read_entry(entry)):
        pattern = tuple(told.name.split("_"))
        if "*" not in pattern:
            exact[pattern] = told
        elif pattern.index("*") == len(pattern) - 1:
            starts[pattern[:-1]] = told
        else:
            others.append((_expression(told.name), len(pattern) - 1, told))
    longest = max(len(pattern) for pattern in (*exact, *starts))
    return _Catalogue(exact, starts, tuple(others), longest)
