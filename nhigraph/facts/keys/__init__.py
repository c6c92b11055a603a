"""Keys of nodes and gates: values with parts, a case rule for each part, a text form.

Two sources that speak of one thing must meet on one key. A form of key is a frozen dataclass in
the module of its platform; ``.text`` is what is printed and compared, ``parse`` its inverse. Here
alone a text is put together or taken apart.

A *holder* (``Repository``, ``Database``, ``Package``) has a qualifier ``at``, for where two of one
name stay apart; whatever is minted from it has that too.
"""

from nhigraph.facts.keys import github_text as _github_text  # noqa: F401 - it declares its reader
from nhigraph.facts.keys import gitlab_text as _gitlab_text  # noqa: F401 - alike
from nhigraph.facts.keys.assurance import Financial, Recovery, Trust, UnreadTarget
from nhigraph.facts.keys.clouds import AwsPrincipal, Bucket, EntraApplication, GcpServiceAccount
from nhigraph.facts.keys.databases import (
    Cluster,
    Container,
    Database,
    Dataset,
    Grant,
    Role,
    database,
    dotted,
    undotted,
)
from nhigraph.facts.keys.dbt import Connection, Model, Package, Project, Report, Seed
from nhigraph.facts.keys.forge import UNNAMED, is_account, moved, repository_of
from nhigraph.facts.keys.github import (
    Action,
    Anyone,
    BranchProtection,
    CalledSecret,
    Environment,
    EnvironmentProtection,
    EnvironmentSecret,
    Job,
    OrganizationSecret,
    Permission,
    ProtectedBranch,
    Repository,
    RepositorySecret,
    RepositoryVariable,
    Runner,
    RunnerGroup,
    Team,
    Thing,
    User,
    Workflow,
    repository,
)
from nhigraph.facts.keys.github_access import (
    AccessToken,
    App,
    DeployKey,
    Hook,
    Machine,
    OtherSecret,
    Owner,
    OwnerHook,
    OwnerMachine,
    OwnerOtherSecret,
    OwnerPermission,
)
from nhigraph.facts.keys.mysql import Logic
from nhigraph.facts.keys.named import repository_named
from nhigraph.facts.keys.names import fold, relation
from nhigraph.facts.keys.parts import (
    Case,
    Key,
    KeyForm,
    beginning_of,
    canonical,
    folds,
    parse,
    pieces,
    reads,
    unqualified,
)
from nhigraph.facts.keys.patterns import Listed
from nhigraph.facts.keys.stored import Image, Stored, Written

__all__ = [
    "UNNAMED",
    "AccessToken",
    "Action",
    "Anyone",
    "App",
    "AwsPrincipal",
    "BranchProtection",
    "Bucket",
    "CalledSecret",
    "Case",
    "Cluster",
    "Connection",
    "Container",
    "Database",
    "Dataset",
    "DeployKey",
    "EntraApplication",
    "Environment",
    "EnvironmentProtection",
    "EnvironmentSecret",
    "Financial",
    "GcpServiceAccount",
    "Grant",
    "Hook",
    "Image",
    "Job",
    "Key",
    "KeyForm",
    "Listed",
    "Logic",
    "Machine",
    "Model",
    "OrganizationSecret",
    "OtherSecret",
    "Owner",
    "OwnerHook",
    "OwnerMachine",
    "OwnerOtherSecret",
    "OwnerPermission",
    "Package",
    "Permission",
    "Project",
    "ProtectedBranch",
    "Recovery",
    "Report",
    "Repository",
    "RepositorySecret",
    "RepositoryVariable",
    "Role",
    "Runner",
    "RunnerGroup",
    "Seed",
    "Stored",
    "Team",
    "Thing",
    "Trust",
    "UnreadTarget",
    "User",
    "Workflow",
    "Written",
    "beginning_of",
    "canonical",
    "database",
    "dotted",
    "fold",
    "folds",
    "is_account",
    "moved",
    "parse",
    "pieces",
    "reads",
    "relation",
    "repository",
    "repository_named",
    "repository_of",
    "undotted",
    "unqualified",
]
