"""GitLab: what ``glab api`` lists of projects, groups and servers.

What is read
    JSON of the REST API: a project and a group; CI/CD variables (never their values); members;
    access tokens, deploy tokens, deploy keys, trigger tokens; pipeline schedules; runners;
    protected branches, tags and environments, one branch's record, rules of approvals; the scope
    of job tokens and its lists; webhooks; and answers that are no export (module ``refusals``).
    ``queries/export/gitlab.sh`` fetches them all. What pipelines run stands in ``.gitlab-ci.yml``,
    which another source reads.

Whose an export is
    By its address (module ``address``): ``HOST/projects/GROUP%2FNAME/…``, ``HOST/groups/GROUP/…``,
    ``HOST/admin/…``, ``HOST/runners/NUMBER.json`` below any folder. Else the project is that of
    the checkout it lies in, or the one given with ``--repo gitlab:HOST/GROUP/NAME``, and the
    file's own name says what it lists (``variables.json``, ``protected_branches.json``,
    ``project.json``).

Facts
    ===================================================  =========================================
    User, Group, Token MEMBER_OF Group (members)         roles, each belonging to the next lower
    Group HOLDS Grant, Grant HOLDS Grant                 a role; what it opens
    Grant CAN_ADMINISTER Repository, Branch, Environment a Maintainer's
    Grant (push) CAN_WRITE Repository                    gate: the default branch's rule, and once
                                                         for each protected branch and tag, its own
    Grant (push as a role) CAN_WRITE Repository          where a rule lets that role push: ungated
    Grant (push) CAN_WRITE Runner, conditional           a machine that runs what any branch says
    Grant CAN_READ, CAN_WRITE Secret                     who edits variables
    Secret FEEDS Secret, copy                            a variable for a pattern of environments,
                                                         a schedule's variable, under the name by
                                                         which jobs read it
    Grant CAN_WRITE Workflow, conditional                trigger tokens, registering runners
    Token, ApiKey HOLDS Grant                            by scopes and ``can_push``
    ApiKey CAN_WRITE Repository                          a deploy key that a rule lets in
    Repository CONTAINS Workflow                         where a setting names its file
    Group HOLDS Grant (push), conditional                forks, where their pipelines may run here
    Grant CAN_READ Repository, conditional               job tokens that are let in
    Repository FEEDS System, Secret DEPENDS_ON System    webhooks
    Gate at Branch, Gate at Environment                  rules; tests only as far as proven
    ===================================================  =========================================

Gates
    Who approves is named where a rule names it: members of a role, accounts, groups. A program's
    account, or a token that acts as one, among them makes the gate fail. That an account is a
    person's no listing proves.

Properties
    Of ``Secret``: ``listed``, ``protected``, ``masked``, ``hidden``, ``variable_type``,
    ``environment_scope``. Of ``Repository``: ``default_branch``, ``visibility``, ``archived``,
    ``ci_config_path``, ``override_role``, ``token_read_only``, ``token_scope``, ``secrets_total``,
    ``environments_total`` (protected ones), ``not_given``. Of ``Runner``: ``labels`` (its tags,
    and ``(untagged)`` where it takes jobs without any), ``protected``, ``locked``, ``ephemeral``.
    Of ``Branch``: ``pattern``, ``excluded``, ``without_review``, ``required_reviews``.

Blind spots:
    Tokens of people stand in no listing that a project's Maintainer sees; what a member's own
    token may do, the member may. A bot's account and its token are two identities, as no listing
    ties them. Custom roles are taken for their base. Code owners' approval is not counted as a
    review, as the file is not read. Scopes of registries open what nobody lists: a gap. A variable
    for a pattern of environments is tied to the name that jobs read under a condition, whatever
    the job's environment is. A group's protected environments (by tier), freeze periods,
    integrations, push rules, policies of security projects, and merge trains are not followed. Who
    may approve by the settings of approvals (authors, committers) is not read.
"""

from collections.abc import Iterator

from nhigraph.facts.facts import Fact
from nhigraph.ingest.document import Document
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.schema import kinds as k
from nhigraph.sources.gitlab import pages


def recognises(doc: Document) -> bool:
    """Whether a document is one of these exports."""
    return pages.recognises(doc)


def read(doc: Document) -> Iterator[Fact]:
    """Yield what one document says.

    Raises:
        InputError: It is none of the documents of this source, or nothing says whose it is.
    """
    yield from pages.facts(doc)


INGESTOR = Ingestor(
    title="GitLab",
    accepts=("*.json",),
    recognises=recognises,
    read=read,
    emits=(
        k.REPOSITORY,
        k.CONTAINER,
        k.WORKFLOW,
        k.SECRET,
        k.ENVIRONMENT,
        k.BRANCH,
        k.RUNNER,
        k.GRANT,
        k.GROUP,
        k.USER,
        k.API_KEY,
        k.TOKEN,
        k.SYSTEM,
        k.CAN_READ,
        k.CAN_WRITE,
        k.CAN_ADMINISTER,
        k.MEMBER_OF,
        k.RUNS_AS,
        k.HOLDS,
        k.CONTAINS,
        k.DEPENDS_ON,
        k.FEEDS,
    ),
)
