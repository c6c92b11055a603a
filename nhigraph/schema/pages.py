"""Pages of providers on what an edge states, for readers who do not know the product.

An edge means the same in every product; what makes it true differs. So a page goes with the source
that read the edge, with its kind and, where one page is not all, with the kind of its target. What
several documents state together, and facts written by hand, have none. Addresses are the ones that
the providers' own pages and those who cite them use, looked up on 2026-11-29; nothing is asked for
here, a reader opens them.
"""

from collections.abc import Mapping

_POSTGRES = "https://www.postgresql.org/docs/current"
_ACTIONS = "https://docs.github.com/en/actions"
_GITLAB = "https://docs.gitlab.com"
_DBT = "https://docs.getdbt.com/reference"

#: By source, kind of the edge, and kind of its target; an empty one stands for any other.
PAGES: Mapping[tuple[str, str, str], str] = {
    **{
        ("postgres", kind, ""): f"{_POSTGRES}/ddl-priv.html"
        for kind in ("CAN_READ", "CAN_WRITE", "CAN_DELETE", "OWNS")
    },
    ("postgres", "CAN_ADMINISTER", ""): f"{_POSTGRES}/role-attributes.html",
    ("postgres", "HOLDS", ""): f"{_POSTGRES}/user-manag.html",
    ("postgres", "CAN_ASSUME", ""): f"{_POSTGRES}/role-membership.html",
    ("postgres", "MEMBER_OF", ""): f"{_POSTGRES}/role-membership.html",
    ("github_actions", "CAN_READ", "Secret"): f"{_ACTIONS}/reference/security/secrets",
    ("github_actions", "CAN_WRITE", "Repository"): f"{_ACTIONS}/concepts/security/github_token",
    ("github_actions", "HOLDS", ""): f"{_ACTIONS}/concepts/security/github_token",
    ("github_actions", "EXECUTES", ""): (
        f"{_ACTIONS}/reference/workflows-and-actions/workflow-syntax"
    ),
    ("gitlab", "CAN_READ", "Secret"): f"{_GITLAB}/ci/variables/",
    ("gitlab", "CAN_WRITE", "Repository"): f"{_GITLAB}/user/permissions/",
    ("gitlab_ci", "CAN_READ", "Secret"): f"{_GITLAB}/ci/variables/",
    ("dbt", "COMPUTES", ""): f"{_DBT}/artifacts/manifest-json",
    ("dbt", "FEEDS", ""): f"{_DBT}/dbt-jinja-functions/ref",
}


def page_of(source: str, kind: str, target: str) -> str:
    """The provider's page on an edge; empty where none is known.

    Args:
        source: Name of the source that read the document which states it.
        kind: Label of its kind.
        target: Label of the kind of its target.
    """
    return PAGES.get((source, kind, target)) or PAGES.get((source, kind, ""), "")
