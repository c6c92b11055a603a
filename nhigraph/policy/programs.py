"""What programs do that other documents describe: what they build, and how they connect.

dbt's subcommands are those of https://docs.getdbt.com/reference/dbt-commands; which of them run
hooks was asked of dbt-core 1.11.16 (tests/unit/sources/dbt_hooks.json): ``clone``, ``compile``,
``docs generate`` and ``show`` run none, ``test`` and ``source freshness`` do. Its profile is the
one that the project names, in the profiles.yml of ``--profiles-dir``, ``DBT_PROFILES_DIR`` or the
working directory; its output is ``--target``, else the profile's own ``target``; ``DBT_PROFILE``,
``DBT_TARGET`` and ``DBT_PROJECT_DIR`` stand for the options of these names
(https://docs.getdbt.com/docs/core/connect-data-platform/connection-profiles).
"""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Final

from nhigraph.policy import dbt
from nhigraph.records import dataclass

_ALL: Final = ("model", "seed", "snapshot")
#: Subcommands that write, and the types of resources they write.
_BUILDS: Final[Mapping[str, tuple[str, ...]]] = {
    "dbt build": _ALL,
    "dbt run": ("model",),
    "dbt seed": ("seed",),
    "dbt snapshot": ("snapshot",),
    "dbt retry": _ALL,
    "dbt clone": _ALL,
    "dbt ?": _ALL,
}
#: Those that run the hooks around a run if they have anything to do.
AROUND: Final = frozenset(
    {"dbt build", "dbt run", "dbt seed", "dbt snapshot", "dbt test", "dbt retry"}
    | {"dbt source freshness", "dbt source snapshot-freshness", "dbt ?"}
)
#: Which part of the work these redo depends on other runs; of an unknown one nothing is sure.
_PARTLY: Final = frozenset({"dbt retry", "dbt clone", "dbt ?"})
_OPERATION: Final = "dbt run-operation"

#: Option to the variable that stands for it.
VARIABLES: Final[Mapping[str, str]] = {
    "project-dir": "DBT_PROJECT_DIR",
    "profiles-dir": "DBT_PROFILES_DIR",
    "profile": "DBT_PROFILE",
    "target": "DBT_TARGET",
}
#: Files that hold connections.
PROFILES: Final = ("profiles.yml", "profiles.yaml")
#: Properties: words by which a project's selection finds a relation; logic that is a function,
#: which computes nothing of its own.
SELECTORS: Final = "dbt"
FUNCTION: Final = "dbt_function"


@dataclass(frozen=True, slots=True)
class Program:
    """What a program does.

    Attributes:
        by_profile: It connects by a profile of its project.
        builds: Types of the resources that it writes.
        around: It runs what stands around every run.
        partly: Which part of its work it does depends on other runs.
        operation: The macro that it runs, after its package where that is named; empty for none.
    """

    by_profile: bool = False
    builds: tuple[str, ...] = ()
    around: bool = False
    partly: bool = False
    operation: str = ""

    @property
    def works(self) -> bool:
        """Whether it changes what a project describes."""
        return bool(self.builds or self.around or self.operation)


@lru_cache(maxsize=1 << 10)
def of(tool: str) -> Program:
    """What a tool with its subcommand does, as far as another document describes it."""
    operation = tool.removeprefix(_OPERATION).strip() if tool.startswith(_OPERATION) else ""
    return Program(
        tool.partition(" ")[0] == "dbt",
        _BUILDS.get(tool, ()),
        tool in AROUND,
        tool in _PARTLY,
        operation or ("?" if tool.startswith(_OPERATION) else ""),
    )


def connects(tool: str, options: Collection[str]) -> bool:
    """Whether a program that connects by a profile does so with these options."""
    return dbt.connects(tool, options)
