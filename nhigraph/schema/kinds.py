"""The single schema file: what nhigraph believes, as literals.

A change in what the product believes is a diff in this file. Everything else (the NHI kinds, the
automaton, legends, documentation) is computed from it, when it is asked for: a package that
registers a source adds its own kinds to ``NODE_KINDS`` and ``EDGE_KINDS``.
"""

from typing import Final

from nhigraph.schema.types import EdgeKind, Effect, Family, NodeKind, State

# --- 1. node kinds -----------------------------------------------------------------------------

_I, _CR, _CH, _D = Family.IDENTITY, Family.CREDENTIAL, Family.CHANGE, Family.DATA

SERVICE_ACCOUNT: Final = NodeKind(
    "ServiceAccount", _I, "An account made for a program.", nhi=True, actor=True
)
CLOUD_ROLE: Final = NodeKind(
    "CloudRole", _I, "A role of a cloud account that is assumed.", nhi=True, actor=True
)
CLOUD_USER: Final = NodeKind(
    "CloudUser", _I, "A cloud account's user with keys of its own.", nhi=True, actor=True
)
KUBERNETES_SERVICE_ACCOUNT: Final = NodeKind(
    "KubernetesServiceAccount", _I, "A service account of a namespace.", nhi=True, actor=True
)
DATABASE_ROLE: Final = NodeKind(
    "DatabaseRole", _I, "A role or user of a database.", nhi=True, actor=True
)
OAUTH_APP: Final = NodeKind(
    "OAuthApp", _I, "An application with granted scopes.", nhi=True, actor=True
)
AI_AGENT: Final = NodeKind("AiAgent", _I, "A model-driven agent with tools.", nhi=True, actor=True)
MCP_SERVER: Final = NodeKind(
    "McpServer", _I, "A server that offers tools to agents.", nhi=True, actor=True
)
CI_JOB: Final = NodeKind("CiJob", _I, "One job of a CI workflow.", nhi=True, actor=True)
RUNNER: Final = NodeKind("Runner", _I, "A machine that runs CI jobs.", nhi=True, actor=True)
WORKLOAD: Final = NodeKind(
    "Workload", _I, "A running program: pod, batch, function, service.", nhi=True, actor=True
)
USER: Final = NodeKind("User", _I, "A person's account.", actor=True)
GROUP: Final = NodeKind("Group", _I, "A group of accounts.", actor=True)

UNKNOWN: Final = NodeKind(
    "Unknown", _I, "Something whose kind no record says readably.", nhi=True, actor=True
)

API_KEY: Final = NodeKind("ApiKey", _CR, "A long-lived key of an API.")
TOKEN: Final = NodeKind("Token", _CR, "A bearer token.")
SECRET: Final = NodeKind("Secret", _CR, "A stored secret, known by holder and name.")
CERTIFICATE: Final = NodeKind("Certificate", _CR, "A certificate with its private key.")
SECRET_STORE: Final = NodeKind("SecretStore", _CR, "A store that holds secrets.")
ENCRYPTION_KEY: Final = NodeKind("EncryptionKey", _CR, "A key that encrypts data at rest.")

REPOSITORY: Final = NodeKind("Repository", _CH, "A source repository.")
BRANCH: Final = NodeKind("Branch", _CH, "A branch and the rule that protects it.")
ENVIRONMENT: Final = NodeKind("Environment", _CH, "A deployment environment with rules.")
WORKFLOW: Final = NodeKind("Workflow", _CH, "A workflow file.")
IMAGE: Final = NodeKind("Image", _CH, "A container image.")
ARTIFACT: Final = NodeKind("Artifact", _CH, "A built or deployed file.")
INFRASTRUCTURE_STATE: Final = NodeKind(
    "InfrastructureState", _CH, "State from which infrastructure is made."
)

DATASET: Final = NodeKind("Dataset", _D, "A table, view, seed, bucket or other stored data.")
STREAM: Final = NodeKind("Stream", _D, "A queue, topic or channel.")
MODEL: Final = NodeKind("Model", _D, "Logic that computes data: a model's SQL, a formula.")
REPORT: Final = NodeKind("Report", _D, "A report, dashboard or exposure.")
AUDIT_LOG: Final = NodeKind("AuditLog", _D, "A log that proves what was done.")
SYSTEM: Final = NodeKind("System", _D, "An application or platform as a whole.")
CONTAINER: Final = NodeKind(
    "Container", _D, "What holds other things: account, database, schema, cluster, namespace."
)

GRANT: Final = NodeKind(
    "Grant", Family.GRANT, "One statement that opens many things to a principal.", actor=True
)

FINANCIAL_REPORTING: Final = NodeKind(
    "FinancialReporting", Family.ASSURANCE, "Something the books rest on, as the scope says."
)
TRUST_SERVICE: Final = NodeKind(
    "TrustService", Family.ASSURANCE, "A commitment in one trust category, as the scope says."
)

NODE_KINDS: Final[dict[str, NodeKind]] = {
    value.label: value for value in list(globals().values()) if isinstance(value, NodeKind)
}

# --- 2. edge kinds -----------------------------------------------------------------------------

_LOGIC: Final = {
    kind.label: "change_logic"
    for kind in (
        MODEL,
        REPOSITORY,
        BRANCH,
        WORKFLOW,
        IMAGE,
        ARTIFACT,
        INFRASTRUCTURE_STATE,
        WORKLOAD,
        CI_JOB,
        RUNNER,
    )
}
_READABLE_CREDENTIALS: Final = (API_KEY, TOKEN, SECRET, CERTIFICATE, SECRET_STORE)

CAN_ASSUME: Final = EdgeKind(
    "CAN_ASSUME",
    Effect.BECOME,
    "May become the other identity.",
    "a trust policy that names the role; SET ROLE; the right to reset its password",
)
MEMBER_OF: Final = EdgeKind(
    "MEMBER_OF", Effect.BECOME, "Has what the group or role has.", "GRANT role TO user"
)
RUNS_AS: Final = EdgeKind(
    "RUNS_AS", Effect.BECOME, "Executes with the other's rights.", "a pod's serviceAccountName"
)
HOLDS: Final = EdgeKind("HOLDS", Effect.BECOME, "Has been given a grant.", "GRANT ... TO role")
CAN_ADMINISTER: Final = EdgeKind(
    "CAN_ADMINISTER",
    Effect.ADMINISTER,
    "May do everything to it, and say who else may.",
    "cluster-admin; a key policy that allows kms:PutKeyPolicy",
    action="grant",
)
OWNS: Final = EdgeKind("OWNS", Effect.ADMINISTER, "Owns it.", "ALTER TABLE ... OWNER TO role")
CAN_WRITE: Final = EdgeKind(
    "CAN_WRITE",
    Effect.ALTER,
    "May change what it holds or computes.",
    "GRANT INSERT ON fin.gl TO loader",
    action="update",
    actions_to={
        **_LOGIC,
        REPORT.label: "change_report",
        AUDIT_LOG.label: "alter_log",
        ENVIRONMENT.label: "edit_pipeline",
    },
    action_to_actor="grant",
)
CAN_DELETE: Final = EdgeKind(
    "CAN_DELETE",
    Effect.DELETE,
    "May remove it or records of it.",
    "GRANT TRUNCATE ON stg.lines TO etl",
    action="delete",
    actions_to={AUDIT_LOG.label: "alter_log"},
)
CAN_READ: Final = EdgeKind(
    "CAN_READ",
    Effect.READ,
    "May learn what it holds.",
    "secretsmanager:GetSecretValue",
    action="read",
    actions_to={kind.label: "read_secret" for kind in _READABLE_CREDENTIALS},
)
CAN_STOP: Final = EdgeKind(
    "CAN_STOP",
    Effect.HALT,
    "May stop it or make it unavailable.",
    "kms:ScheduleKeyDeletion; cancelling a job",
    action="stop",
    actions_to={ENCRYPTION_KEY.label: "destroy", AUDIT_LOG.label: "alter_log"},
)
AUTHENTICATES_AS: Final = EdgeKind(
    "AUTHENTICATES_AS", Effect.REVEAL, "Who knows it can act as that.", "a password and its role"
)
EXECUTES: Final = EdgeKind(
    "EXECUTES", Effect.EXECUTE, "Code, and what runs it.", "a workflow file and its job"
)
COMPUTES: Final = EdgeKind(
    "COMPUTES", Effect.COMPUTE, "Logic or job, and what it produces.", "a dbt model and its table"
)
FEEDS: Final = EdgeKind(
    "FEEDS", Effect.FEED_DIRECT, "Values come from it.", "SELECT amount FROM raw.payments"
)
FILTERS: Final = EdgeKind(
    "FILTERS", Effect.FEED_INDIRECT, "It decides which rows there are.", "JOIN ref.calendar"
)
CONTAINS: Final = EdgeKind("CONTAINS", Effect.CONTAIN, "Holds the other.", "schema and table")
DEPENDS_ON: Final = EdgeKind(
    "DEPENDS_ON",
    Effect.DEPEND,
    "Written from the thing needed to the thing that needs it.",
    "an encryption key and the data under it",
)
SUPPORTS: Final = EdgeKind(
    "SUPPORTS", Effect.SUPPORT, "An assurance target relies on it; made by the scope.", "a target"
)

EDGE_KINDS: Final[dict[str, EdgeKind]] = {
    value.label: value for value in list(globals().values()) if isinstance(value, EdgeKind)
}

# --- 3. the automaton --------------------------------------------------------------------------

_C, _A, _O, _R, _H = State.CONTROL, State.ALTER, State.OMIT, State.READ, State.HALT

#: Effect -> (state at the source, state at the destination) pairs that fire.
TRANSITIONS: Final[dict[Effect, tuple[tuple[State, State], ...]]] = {
    Effect.BECOME: ((_C, _C),),
    Effect.ADMINISTER: ((_C, _C), (_C, _A), (_C, _O), (_C, _R), (_C, _H)),
    Effect.ALTER: ((_C, _A),),
    Effect.DELETE: ((_C, _O), (_C, _H)),
    Effect.READ: ((_C, _R),),
    Effect.HALT: ((_C, _H),),
    Effect.REVEAL: ((_R, _C),),
    Effect.EXECUTE: ((_C, _C), (_A, _C), (_H, _H), (_O, _H)),
    Effect.COMPUTE: ((_C, _A), (_C, _O), (_A, _A), (_A, _O), (_O, _O), (_C, _H), (_H, _H)),
    Effect.FEED_DIRECT: ((_A, _A), (_O, _O), (_H, _H)),
    Effect.FEED_INDIRECT: ((_A, _O), (_O, _O), (_H, _H)),
    Effect.CONTAIN: ((_C, _C), (_A, _A), (_O, _O), (_R, _R), (_H, _H)),
    Effect.DEPEND: ((_H, _H), (_O, _H), (_A, _H)),
    Effect.SUPPORT: ((_C, _C), (_A, _A), (_O, _O), (_R, _R), (_H, _H)),
    Effect.INERT: (),
}

#: Effect -> (state at the destination, state at the source): what flows against the edge.
BACKWARD: Final[dict[Effect, tuple[tuple[State, State], ...]]] = {
    Effect.FEED_DIRECT: ((_R, _R),),
}

#: Inside a node that is an actor: who changes its code, members, trust or password can act as it.
AT_ACTOR: Final = ((_A, _C),)
#: Inside an assurance node: control counts as every other state there.
AT_ASSURANCE: Final = ((_C, _A), (_C, _O), (_C, _R), (_C, _H))

# --- 4. actions --------------------------------------------------------------------------------

ACTIONS: Final = (
    "post",
    "update",
    "delete",
    "void",
    "approve",
    "release",
    "move_money",
    "change_master",
    "change_rate",
    "change_logic",
    "change_report",
    "grant",
    "become",
    "mint_secret",
    "read_secret",
    "use_secret",
    "edit_pipeline",
    "alter_log",
    "destroy",
    "stop",
    "export",
    "read",
)
#: Actions that give S on a path to a target (R12).
ENABLING_ACTIONS: Final = frozenset(
    {"grant", "become", "mint_secret", "read_secret", "edit_pipeline", "alter_log"}
)

# --- 5. what can be taken away -----------------------------------------------------------------

#: Effects of rights, memberships, trusts and credentials, and why they can be taken away. What
#: holds, feeds or computes another thing is how an estate is built: nobody takes it away to stop
#: somebody. What a superuser may do besides is not all in the graph, as an export says what
#: somebody can do, not what it could do without that: the next one shows it.
REMOVABLE: Final = {
    Effect.BECOME: "a role or right that was given can be revoked",
    Effect.ADMINISTER: (
        "ownership or administration can be given to somebody else; what it covers may not be "
        "told beside it, so look at an export made after the change"
    ),
    Effect.ALTER: "a right can be revoked",
    Effect.DELETE: "a right can be revoked",
    Effect.READ: "a right can be revoked",
    Effect.HALT: "a right can be revoked",
    Effect.REVEAL: "a credential can be withdrawn, or kept from whoever reads it",
}
#: Effects that are a right where an actor has them: a job computes what its login lets it write.
REMOVABLE_OF_ACTORS: Final = {
    Effect.COMPUTE: "what an account runs can be taken from it",
}
