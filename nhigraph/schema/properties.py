"""Every property of a node, declared once: what it is, and how two records of one node add up.

Merging, the checks of facts/1, the weaknesses, the population and the lines of coverage are
computed from ``PROPERTIES``, to which a package that registers a source adds its own. People may
write properties beside these: such a one keeps both values where two records disagree.

The rule of a property is the side that hides less: of two answers the one from which more
follows (DESIGN section 9). Where neither does, both stay.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from nhigraph.records import dataclass
from nhigraph.schema.crosswalk import WEAKNESSES


class Type(Enum):
    """What stands in a property."""

    TEXT = "text"
    FLAG = "true or false"
    COUNT = "a whole number, 0 or more"
    DAY = "an ISO day"
    WORD = "one of its words"
    WORDS = "a list of words, joined with ; in a table"
    LINES = "a list of texts"


class Merge(Enum):
    """Which of two values stands; a value of the wrong type never stands beside a right one."""

    TRUE = "true wins"
    FALSE = "false wins"
    SMALLER = "the smaller number"
    LARGER = "the larger number"
    EARLIER = "the earlier day"
    LATER = "the later day"
    LAST = "the later one of its words, which go from what hides most to what hides least"
    BOTH = "both stay, as a sorted list"


_PLAIN: Final = frozenset({Type.FLAG, Type.COUNT, Type.DAY, Type.WORD})


@dataclass(frozen=True, slots=True)
class Property:
    """A declared property.

    Attributes:
        name: Name in ``props``.
        type: What stands in it.
        merge: Which of two values stands.
        doc: One sentence.
        words: Words of a WORD or WORDS, in the order in which LAST reads them.
        weakness: Weakness that it feeds.
        shows: Values that show the weakness by themselves.
        thresholds: Names of the scope's thresholds that decide it.
        by_people: People state it, so a name that is nearly this one is worth a line.
        population: It is a column of ``population.csv``.
    """

    name: str
    type: Type
    merge: Merge
    doc: str
    words: tuple[str, ...] = ()
    weakness: str | None = None
    shows: tuple[str | bool, ...] = ()
    thresholds: tuple[str, ...] = ()
    by_people: bool = False
    population: bool = False

    @property
    def told(self) -> bool:
        """Whether a line of coverage may show its value: no free text can stand in it."""
        return self.type in _PLAIN


#: Thresholds of the weaknesses, by the name the scope gives them, with their defaults.
THRESHOLDS: Final[Mapping[str, float]] = {
    "credential_age_days": 365,
    "vendor_assessment_days": 365,
    "unused_rights_share": 0.8,
    "unused_rights_min": 10,
    "shared_by": 2,
}


def _stated(
    name: str,
    type_: Type,
    merge: Merge,
    doc: str,
    weakness: str | None = None,
    *thresholds: str,
    words: tuple[str, ...] = (),
    shows: tuple[str | bool, ...] = (),
    population: bool = False,
) -> Property:
    """A property that people state too."""
    return Property(
        name,
        type_,
        merge,
        doc,
        words,
        weakness,
        shows,
        thresholds,
        by_people=True,
        population=population,
    )


_RIGHTS = ("unused_rights_min", "unused_rights_share")
_T, _M = Type, Merge

#: What people state, and what weaknesses, selectors and the population are read from.
_STATED: Final = (
    _stated(
        "created",
        _T.DAY,
        _M.EARLIER,
        "Day on which it was made.",
        "long_lived",
        "credential_age_days",
        population=True,
    ),
    _stated(
        "rotated",
        _T.DAY,
        _M.EARLIER,
        "Day on which its value was last changed.",
        "long_lived",
        "credential_age_days",
        population=True,
    ),
    _stated("last_used", _T.DAY, _M.LATER, "Day of its last known use.", population=True),
    _stated(
        "environment",
        _T.TEXT,
        _M.BOTH,
        "Environment it belongs to, such as prod or sandbox.",
        "env_mixing",
        population=True,
    ),
    _stated(
        "rights_granted",
        _T.COUNT,
        _M.LARGER,
        "How many rights it was given.",
        "overprivileged",
        *_RIGHTS,
    ),
    _stated(
        "rights_used",
        _T.COUNT,
        _M.LARGER,
        "How many of its rights it was seen to use.",
        "overprivileged",
        *_RIGHTS,
    ),
    _stated(
        "vendor",
        _T.TEXT,
        _M.BOTH,
        "Third party that runs or supplies it.",
        "third_party_unassessed",
        "vendor_assessment_days",
    ),
    _stated(
        "vendor_assessed",
        _T.DAY,
        _M.EARLIER,
        "Day on which its vendor was last assessed.",
        "third_party_unassessed",
        "vendor_assessment_days",
    ),
    _stated(
        "used_by", _T.COUNT, _M.LARGER, "How many users it has.", "shared_identity", "shared_by"
    ),
    _stated(
        "owner_status",
        _T.WORD,
        _M.LAST,
        "Whether its owner is still there.",
        "orphaned",
        words=("active", "left", "none"),
        shows=("left", "none"),
    ),
    _stated(
        "required_reviews",
        _T.COUNT,
        _M.SMALLER,
        "How many reviews a change of it needs.",
        "change_bypass",
    ),
    _stated(
        "trust_subject",
        _T.WORD,
        _M.LAST,
        "How exactly a role's trust names who may assume it.",
        "pipeline_trust",
        words=("exact", "wildcard", "missing"),
        shows=("wildcard", "missing"),
    ),
    _stated(
        "exposed",
        _T.FLAG,
        _M.TRUE,
        "Its value stands where others may read it.",
        "secret_exposed",
        shows=(True,),
    ),
    _stated(
        "weaknesses",
        _T.WORDS,
        _M.BOTH,
        "Weaknesses that only people know.",
        words=tuple(WEAKNESSES),
    ),
    _stated("tags", _T.WORDS, _M.BOTH, "Tags, which selectors look up."),
    _stated("labels", _T.WORDS, _M.BOTH, "Labels, of a runner for instance."),
    _stated("group", _T.TEXT, _M.BOTH, "Group of the project it belongs to."),
    # A right that one record shows and another does not: an export of a role says what one
    # server's catalog holds (PostgreSQL, role-attributes), and nothing against another one.
    _stated("login", _T.FLAG, _M.TRUE, "The role may log in."),
    _stated("superuser", _T.FLAG, _M.TRUE, "The role passes every check of rights."),
    _stated("createrole", _T.FLAG, _M.TRUE, "The role may make roles."),
    _stated("createdb", _T.FLAG, _M.TRUE, "The role may make databases."),
    _stated("replication", _T.FLAG, _M.TRUE, "The role may copy the whole server."),
    _stated("bypassrls", _T.FLAG, _M.TRUE, "The role passes every row policy."),
)


def _text(name: str, doc: str) -> Property:
    return Property(name, Type.TEXT, Merge.BOTH, doc)


def _lines(name: str, doc: str) -> Property:
    return Property(name, Type.LINES, Merge.BOTH, doc)


def _flag(name: str, merge: Merge, doc: str) -> Property:
    return Property(name, Type.FLAG, merge, doc)


#: What sources write for joins, selectors and readers.
_WRITTEN: Final = (
    # GitHub
    _flag("all_secrets", _M.TRUE, "The job is handed every secret of the repository."),
    _flag("archived", _M.FALSE, "The repository takes no more changes."),
    _flag("called", _M.TRUE, "A job calls the workflow."),
    _lines("known_as", "Other names that people know it by: as a page of GitHub shows it."),
    _flag("listed", _M.TRUE, "A listing names the workflow, environment or secret."),
    _flag("defined", _M.FALSE, "The file of the workflow or action was read."),
    _flag("owner_token_read_only", _M.FALSE, "The owner's default lets no job token write."),
    _flag("token_read_only", _M.FALSE, "The default lets no token of a job here write."),
    _flag("parameter", _M.FALSE, "A secret that a called workflow is handed under its own name."),
    _lines("call_inputs", "Inputs that a workflow declares for its callers."),
    _lines("call_secrets", "Secrets that a workflow declares for its callers."),
    _text("container", "Whether the job runs in a container of its own."),
    _lines("commits", "Commits at which the file was read."),
    _lines("crons", "Times at which it starts."),
    _text("default_branch", "Branch that the repository stands for."),
    _lines("environments", "Deployment environments of the job."),
    Property(
        "environments_total", _T.COUNT, _M.LARGER, "How many environments the repository has."
    ),
    _lines("events", "Events that a webhook sends."),
    _lines("excluded", "Branches that a ruleset takes out."),
    _text("github_state", "State of the workflow in GitHub's words."),
    _lines("inputs", "Inputs of an action."),
    _lines("needs", "Jobs that come before."),
    _text("pattern", "Branches that a ruleset takes in."),
    _lines("not_given", "Exports that were asked for, and what the forge answered instead."),
    _lines("permissions", "Permissions of the job's token."),
    _text("permissions_from", "Where the permissions of the job's token are said."),
    _text("pinned", "Whether an action is named by commit or by tag."),
    _flag("ephemeral", _M.FALSE, "The machine is made for one job."),
    _text("receiver", "Host that a webhook sends to."),
    _lines("triggers", "Events that start the workflow, and who causes them."),
    _text("runner_group", "Number of the group of machines, as the forge has it."),
    Property("secrets_total", _T.COUNT, _M.LARGER, "How many secrets the repository has."),
    _text("using", "What runs the action."),
    _text("visibility", "Who may see the repository."),
    _lines("without_review", "What could guard the branch and asks for no review."),
    _lines("written", "Secrets that are written out in the file."),
    # GitLab
    _text("ci_config_path", "File that the project's pipelines run, where it is another."),
    _text("environment_scope", "Environments in which jobs are given the variable."),
    _flag("hidden", _M.FALSE, "Nobody is shown the value again."),
    _flag("locked", _M.FALSE, "The machine is for the projects that have it, and no others."),
    _flag("masked", _M.FALSE, "Logs do not show the value."),
    _text("override_role", "Role from which on who starts a pipeline may set its variables."),
    _flag("starts_only", _M.FALSE, "The job starts another pipeline and runs nothing itself."),
    _flag("protected", _M.FALSE, "For jobs of protected branches and tags alone."),
    _flag("token_scope", _M.FALSE, "Only jobs of the listed projects are let in by their token."),
    _text("variable_type", "How jobs are given the variable: as a text or as a file."),
    # dbt
    _text("access", "Who may refer to the model."),
    _text("account", "Account of the platform."),
    _text("checksum", "Digest of the file, as dbt has it."),
    _flag("contract", _M.FALSE, "The columns of the model are enforced."),
    _text("database", "Database of the connection or server."),
    _text("database_role", "Role that the connection logs in as."),
    Property("dbt", _T.WORDS, _M.BOTH, "Words by which dbt's own selection finds it."),
    _lines("dbt_meta", "Its meta, as texts."),
    _flag("dbt_function", _M.FALSE, "A function, which computes nothing of its own."),
    _text("dbt_project", "Name of the project."),
    _lines("dbt_tests", "Tests of the relation."),
    _flag("default_target", _M.TRUE, "The connection is its profile's default."),
    _text("file", "File of the profile."),
    _lines("folders", "Folders of the project in its repository."),
    _text("freshness", "How fresh a source has to be."),
    _text("host", "Server of the connection."),
    _text("impersonates", "Cloud identity that the connection takes."),
    _text("keyfile", "Path of the file with the connection's key."),
    _text("language", "Language of the model."),
    _text("loader", "What loads the source."),
    _flag("manifest", _M.TRUE, "The project's manifest was read."),
    _text("materialized", "How dbt makes the relation."),
    _text("maturity", "Maturity of an exposure."),
    _text("method", "How the connection logs in."),
    _flag("on_run", _M.TRUE, "It runs before or after every run."),
    _text("output", "Output of the profile."),
    _flag("password_literal", _M.TRUE, "A password stands in the file."),
    _text("path", "File of the model in its project."),
    _text("platform", "Platform of the connection or server."),
    _text("port", "Port of the connection."),
    _text("profile", "Profile of the project or connection."),
    _text("relation_type", "Type of the relation in the catalog."),
    _text("repository", "Repository the file lies in."),
    _text("role", "Role that the connection takes after its login."),
    _text("schema", "Schema of the connection."),
    _text("type", "Type of an exposure."),
    _text("unique_id", "Id of the resource in its manifest."),
    _text("user", "User of the connection."),
    _text("warehouse", "Warehouse of the connection."),
    # PostgreSQL
    _lines("hosts", "Names and addresses of the server."),
    _text("relation", "Kind of the relation in the database."),
    # Scope
    _lines("assertions", "Assertions that the scope declares for a target."),
    _text("category", "Trust category of a target."),
    _lines("data_class", "Classes of the data of a target."),
    _text("fs_role", "What a target is to the books."),
    _text("icfr_basis", "Whose books a target belongs to."),
    _text("process", "Process of a target."),
    _text("recoverable", "Whether a target can be brought back."),
)

PROPERTIES: Final[dict[str, Property]] = {one.name: one for one in (*_STATED, *_WRITTEN)}

#: Properties that are columns of ``population.csv``.
POPULATION: Final = tuple(one.name for one in PROPERTIES.values() if one.population)


def by_people() -> tuple[str, ...]:
    """Names of the properties that people state."""
    return tuple(one.name for one in PROPERTIES.values() if one.by_people)


def declared(name: str) -> Property | None:
    """The declaration of a property, or None where it is somebody's own."""
    return PROPERTIES.get(name)


def merge_of(name: str) -> Merge:
    """How two values of a property add up: one that nobody declared keeps both."""
    found = declared(name)
    return Merge.BOTH if found is None else found.merge
