"""GitHub Actions: workflow files and actions of a checkout, and exports of what surrounds them.

What is read
    Workflow files (a mapping with ``on`` and ``jobs``), the repository's own actions (``runs``
    with ``using``), and JSON of ``gh api``: a branch's protection, rulesets, environments,
    workflows, secrets' names, repositories, the default of GITHUB_TOKEN, deploy keys, webhooks,
    apps, tokens of people, collaborators and teams, machines and their groups (addresses:
    modules ``exports``, ``listings``, ``defaults``, ``stores``, ``access``, ``apps``, ``people``,
    ``fleet``, ``rules``; answers that are no export: ``refusals``). One
    document at a time: whatever lies in another file is named by its key only, and a node whose
    file was read has the property ``defined``.

Which workflow files count
    Those directly in ``.github/workflows`` of a checkout, which is a folder that was given, one
    with a ``.git`` of its own, or one that lies in no other checkout. Of all others GitHub runs
    nothing (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax,
    read 28 November 2026): a line, and no jobs.

Whose an export is
    Often its content does not say. A file that lies at its address says it (module ``address``):
    ``repos/OWNER/NAME/…``, ``orgs/OWNER/…`` below any folder. Else the repository is that of the
    checkout it lies in, or the one given with ``--repo OWNER/NAME``; without any of these it is an
    error. A file ``environment-NAME.secrets.json``, or any file below a folder
    ``environments/NAME``, lists the secrets of environment ``NAME``, written as in the address
    (``/`` is ``%2F``); other stores' have names of their own (module ``stores``). A file given
    alone, not as part of a folder, has only its own name to say it.

Facts
    ===================================================  =========================================
    Repository CONTAINS Workflow, CONTAINS Artifact      the files; GitHub's list of workflows
    Workflow EXECUTES CiJob                              gate: the job's environment; with one,
                                                         Workflow DEPENDS_ON CiJob too
    CiJob CAN_READ Secret (use_secret), Secret           each ``secrets.NAME`` the job sees; gate:
    DEPENDS_ON CiJob                                     the environment, for its own secrets
    Repository CONTAINS Secret, CiJob CAN_READ it        a secret whose value the file shows
    Secret FEEDS Secret, copy                            a caller's mapping; conditional where two
                                                         holders of a name may be one
    CiJob CAN_WRITE Repository (change_logic)            ``contents: write``; gate: the default
                                                         branch's; in an environment by a grant
    CiJob HOLDS Grant, Grant CAN_STOP Workflow           ``actions: write``, through one grant a
                                                         repository
    Repository, Secret                                   GitHub's lists of them: properties
    Runner EXECUTES CiJob, CiJob CAN_WRITE Runner        ``runs-on`` of a machine that is not
                                                         GitHub's; Group CAN_WRITE Runner for forks
    Artifact, Image EXECUTES CiJob                       actions and images; Repository CONTAINS
                                                         an Artifact whose tag or branch it moves
    CiJob DEPENDS_ON Workflow                            a call of a reusable workflow; one of
                                                         another repository also EXECUTES the job
    ApiKey, Group, User HOLDS Grant, CAN_READ or         deploy keys, teams, collaborators; grant
    CAN_ADMINISTER Repository, Group, User MEMBER_OF     of pushing CAN_WRITE Repository, ungated
    OAuthApp, Token HOLDS Grant                          permissions for all that an owner has
    Secret FEEDS Secret, copy                            an organization's, where it is shared
    Repository FEEDS System, Secret DEPENDS_ON System    webhooks
    CiJob CAN_ASSUME CloudRole, ServiceAccount, OAuthApp cloud logins, always conditional
    CiJob HOLDS Grant                                    ``id-token: write`` of a job that names
                                                         nobody; the grant has the gap
    Group CAN_WRITE CiJob (change_logic)                 ways in for outsiders, always conditional
    CiJob, Grant CAN_WRITE CiJob (change_logic)          what jobs leave for others, always
                                                         conditional (module ``handed_on``)
    CiJob HOLDS Grant, Grant CAN_WRITE Image             ``packages: write``, conditional
    Gate at Environment, Gate at Branch                  rules; tests only as far as proven
    ===================================================  =========================================

Gates that may stand unseen
    All that a job does in an environment (what it reads, writes, holds, becomes) names that
    environment's rule, ``…/environment/{e}/protection``, once for every environment that a run
    may be in; ``?`` stands for one that the file does not name. What a token writes names the
    default branch's, ``…/protection/?``. Whether there is such a rule, other documents say.

Properties of ``Workflow``
    ``defined`` true: its file was read · ``called`` true: a caller names it · ``listed`` true:
    GitHub lists it · ``triggers`` ``event=class`` (classes: ``policy.github_actions.events``) ·
    ``crons`` · ``commits`` that its checkout was at · ``call_secrets``, ``call_inputs``: names
    that ``workflow_call`` declares · ``github_state`` as GitHub says it · ``known_as``, here and
    at a job, what its pages show, where that is another name. Of the node itself,
    ``active``, ``deleted`` and the ways of ``disabled_…`` are the state.

Properties of ``Repository``, from its own export
    ``default_branch`` · ``visibility`` public, private or internal · ``archived`` true, or absent
    · ``environments_total``, from the listing of its environments · ``token_read_only``: the
    token of a job without permissions may write nothing · ``owner_token_read_only``: the same of
    its owner's default, for all that the owner has.

Properties of ``Branch``
    ``without_review``: what a document shows to ask for no review of it, ``protection`` or
    ``rulesets`` (module ``branches``) · ``pattern``, ``excluded``: what a ruleset takes in, out.

Properties of ``Secret``
    ``created``, ``rotated``: days on which GitHub says it was made and its value last set ·
    ``parameter`` true: a called workflow's, whose value its caller gives · ``exposed`` true: a
    file shows its value (module ``literals``).

Properties of ``CiJob``
    ``permissions`` ``scope=level`` without those that are none, ``permissions_from`` job,
    workflow, caller or default · ``environments``: names, ``?`` among them where there may be
    others · ``needs`` · ``container`` yes, or ``?`` where it may run in one ·
    ``all_secrets`` true: it asks for every secret.

Properties of an ``Artifact`` of our own
    ``defined``, ``using``, ``inputs`` · ``written``: keys of secrets that its file shows.

Ends of a job and of a composite action (``facts.ends``)
    ``Step`` what each step has for variables and gives to what it calls; what is typed into a
    command is a variable without a name · ``Work`` each tool that is known, with its options
    (``dir`` is the working directory from the root of the workspace) and the variables that it
    has by then where its script sets others elsewhere (``policy.scripts.states``), and,
    ``opaque``, scripts, targets and programs of unknown content (``elsewhere`` where it works on
    another machine) ·
    ``Call`` of the repository's own actions and of reusable workflows · ``Interface`` what a
    workflow and an action take and give back (module ``interface``) · ``Container`` each
    service · ``Login`` to clouds.
    A literal is kept only where it says where something is; a password is never one: what the
    file shows of them is a Secret of its own, ``secret:{repository key}/file/{path}#{variable}``.

For joins
    A branch named by a ruleset may be ``~DEFAULT_BRANCH``, ``~ALL`` or a pattern. A caller with
    ``secrets=inherit`` feeds each ``called_secret`` of the called workflow from the repository's
    secret of that name: the source says so conditionally, as it does not see both files.

Blind spots:
    Without a listing that says so an organization's secrets are not known to be the
    repository's. Which repositories an app that was installed for some may open no listing tells;
    what an organization's own permissions open is a gap. Which repositories may use a group of
    machines is not followed: each of the owner's may. A workflow that GitHub runs without a file
    is a note. A disabled workflow is taken for one that does not run, though whoever may write
    ``actions`` can enable it again; one that is listed may have its file on another branch than
    the one checked out, or on none. Pages of one listing in several files are each told as
    truncated (module ``pages``). ``GITHUB_TOKEN`` cannot change files below
    ``.github/workflows``; CAN_WRITE Repository reaches them all the same, because jobs run the
    repository's other files. Who may start a run is a property, not a path. Text of outsiders
    that reaches a script by way of outputs, inputs of called workflows or files,
    prompts of agents, and what third-party actions do are not followed; nor are what programs
    print into variables, what ``source`` and ``eval`` set, and functions of an expression beyond
    ``contains`` over a list. A variable that a script sets and does not export is taken for one
    that its programs have. Rules of an
    organization, custom protection rules, wait timers and branch policies of an environment
    change no answer.
"""

from collections.abc import Iterator

from nhigraph.facts.facts import Fact
from nhigraph.ingest.document import Document
from nhigraph.ingest.ingestor import Ingestor
from nhigraph.schema import kinds as k
from nhigraph.sources.github_actions import composite, pages, workflow

_WORKFLOWS = ".github/workflows/"


def recognises(doc: Document) -> bool:
    """Whether a document is a workflow, an action or one of the exports.

    Whatever lies among the workflows is meant to be one: if it is none, that is an error.
    """
    if doc.path.suffix == ".json":
        return pages.recognises(doc)
    path = doc.checkout.path if doc.checkout else doc.artifact
    folder = f"{path.rpartition('/')[0]}/"
    if folder == _WORKFLOWS or (doc.checkout is None and folder.endswith(f"/{_WORKFLOWS}")):
        return True
    content = doc.content
    return _is_workflow(content) or _is_action(content)


def _is_workflow(content: object) -> bool:
    return isinstance(content, dict) and {"on", "jobs"} <= content.keys()


def _is_action(content: object) -> bool:
    runs = content.get("runs") if isinstance(content, dict) else None
    return isinstance(runs, dict) and "using" in runs


def read(doc: Document) -> Iterator[Fact]:
    """Yield what one document says.

    Raises:
        InputError: It is none of the documents of this source, or broken.
    """
    if doc.path.suffix == ".json":
        yield from pages.facts(doc)
    elif _is_action(doc.content) and not _is_workflow(doc.content):
        yield from composite.facts(doc)
    else:
        yield from workflow.facts(doc)


INGESTOR = Ingestor(
    title="GitHub Actions",
    accepts=("*.yml", "*.yaml", "*.json"),
    recognises=recognises,
    read=read,
    emits=(
        k.REPOSITORY,
        k.WORKFLOW,
        k.CI_JOB,
        k.SECRET,
        k.ENVIRONMENT,
        k.BRANCH,
        k.RUNNER,
        k.ARTIFACT,
        k.IMAGE,
        k.GRANT,
        k.GROUP,
        k.USER,
        k.API_KEY,
        k.TOKEN,
        k.SYSTEM,
        k.CONTAINER,
        k.CLOUD_ROLE,
        k.SERVICE_ACCOUNT,
        k.OAUTH_APP,
        k.CONTAINS,
        k.EXECUTES,
        k.CAN_READ,
        k.CAN_WRITE,
        k.CAN_STOP,
        k.CAN_ADMINISTER,
        k.MEMBER_OF,
        k.CAN_ASSUME,
        k.HOLDS,
        k.DEPENDS_ON,
        k.FEEDS,
    ),
)
