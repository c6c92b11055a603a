"""The core vocabulary as literals (DESIGN section 3, FORMATS 'Core vocabulary')."""

from __future__ import annotations

CONTROL, ALTER, OMIT, READ, HALT = "CONTROL", "ALTER", "OMIT", "READ", "HALT"
STATES = (CONTROL, ALTER, OMIT, READ, HALT)
LETTERS = ("S", "A", "PI", "C", "P")

# FORMATS "of unknown kind it is in the population": the kind of a node whose kind is no word.
UNKNOWN_KIND = "Unknown"
NHI_KINDS = frozenset(
    {
        UNKNOWN_KIND,
        "ServiceAccount",
        "CloudRole",
        "CloudUser",
        "KubernetesServiceAccount",
        "DatabaseRole",
        "OAuthApp",
        "AiAgent",
        "McpServer",
        "CiJob",
        "Runner",
        "Workload",
    }
)
# DESIGN section 3: "ALTER at an actor … is CONTROL of it"; these are the actors.
ACTOR_KINDS = NHI_KINDS | {"User", "Group", "Grant"}
# DESIGN section 2: "credentials (key, token, secret, certificate, secret store, encryption key)"
CREDENTIAL_KINDS = frozenset(
    {
        "ApiKey",
        "Token",
        "Secret",
        "Certificate",
        "SecretStore",
        "EncryptionKey",
    }
)
DATED_BY_CREATED = frozenset({"ApiKey", "Token", "Secret", "Certificate"})
REVIEWED_KINDS = frozenset({"Repository", "Branch", "Environment", "Workflow"})
ROLE_KINDS = frozenset({"CloudRole", "DatabaseRole"})
ASSURANCE_KINDS = frozenset({"FinancialReporting", "TrustService"})
NODE_KINDS = (
    ACTOR_KINDS
    | CREDENTIAL_KINDS
    | REVIEWED_KINDS
    | ASSURANCE_KINDS
    | {
        "Image",
        "Artifact",
        "InfrastructureState",
        "Dataset",
        "Stream",
        "Model",
        "Report",
        "AuditLog",
        "System",
        "Container",
    }
) - {UNKNOWN_KIND}

EFFECT_OF_KIND = {
    "CAN_ASSUME": "become",
    "MEMBER_OF": "become",
    "RUNS_AS": "become",
    "HOLDS": "become",
    "CAN_ADMINISTER": "administer",
    "OWNS": "administer",
    "CAN_WRITE": "alter",
    "CAN_DELETE": "delete",
    "CAN_READ": "read",
    "CAN_STOP": "halt",
    "AUTHENTICATES_AS": "reveal",
    "EXECUTES": "execute",
    "COMPUTES": "compute",
    "FEEDS": "feed",
    "FILTERS": "filter",
    "CONTAINS": "contain",
    "DEPENDS_ON": "depend",
    "SUPPORTS": "support",
}
_SAME = tuple((state, state) for state in STATES)
# The automaton of DESIGN section 3: (state at source, state at destination), forwards.
FORWARD: dict[str, tuple[tuple[str, str], ...]] = {
    "become": ((CONTROL, CONTROL),),
    "administer": tuple((CONTROL, state) for state in STATES),
    "alter": ((CONTROL, ALTER),),
    "delete": ((CONTROL, OMIT), (CONTROL, HALT)),
    "read": ((CONTROL, READ),),
    "halt": ((CONTROL, HALT),),
    "reveal": ((READ, CONTROL),),
    "execute": ((CONTROL, CONTROL), (ALTER, CONTROL), (HALT, HALT), (OMIT, HALT)),
    "compute": (
        (CONTROL, ALTER),
        (ALTER, ALTER),
        (CONTROL, OMIT),
        (ALTER, OMIT),
        (OMIT, OMIT),
        (CONTROL, HALT),
        (HALT, HALT),
    ),
    "feed": ((ALTER, ALTER), (OMIT, OMIT), (HALT, HALT)),
    "filter": ((ALTER, OMIT), (OMIT, OMIT), (HALT, HALT)),
    "contain": _SAME,
    "depend": ((HALT, HALT), (OMIT, HALT), (ALTER, HALT)),
    "support": _SAME,
}
# Against the edge: (state at the destination, state at the source).
BACKWARD: dict[str, tuple[tuple[str, str], ...]] = {"feed": ((READ, READ),)}
LINEAGE_KINDS = frozenset({"FEEDS", "FILTERS", "COMPUTES"})
AUTHORITY_EFFECTS = frozenset({"administer", "alter", "delete"})

_LOGIC_KINDS = frozenset(
    {
        "Model",
        "Repository",
        "Branch",
        "Workflow",
        "Image",
        "Artifact",
        "InfrastructureState",
        "Workload",
        "CiJob",
        "Runner",
    }
)
_SECRET_KINDS = frozenset({"ApiKey", "Token", "Secret", "Certificate", "SecretStore"})


def default_action(edge_kind: str, to_kind: str) -> str | None:
    """FORMATS 'Core vocabulary': the action of an edge "without one"."""
    if edge_kind == "CAN_ADMINISTER":
        return "grant"
    if edge_kind == "CAN_READ":
        return "read_secret" if to_kind in _SECRET_KINDS else "read"
    if edge_kind == "CAN_WRITE":
        if to_kind in _LOGIC_KINDS:
            return "change_logic"
        if to_kind == "Report":
            return "change_report"
        if to_kind == "AuditLog":
            return "alter_log"
        if to_kind == "Environment":
            return "edit_pipeline"
        return "grant" if to_kind in ACTOR_KINDS else "update"
    if edge_kind in ("CAN_DELETE", "CAN_STOP") and to_kind == "AuditLog":
        return "alter_log"
    if edge_kind == "CAN_DELETE":
        return "delete"
    if edge_kind == "CAN_STOP":
        return "destroy" if to_kind == "EncryptionKey" else "stop"
    return None


ENABLING_ACTIONS = frozenset(
    {
        "grant",
        "become",
        "mint_secret",
        "read_secret",
        "edit_pipeline",
        "alter_log",
    }
)
PREPARING_ACTIONS = frozenset(
    {
        "post",
        "update",
        "void",
        "move_money",
        "change_master",
        "change_rate",
    }
)
ACTIONS = frozenset(
    {
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
    }
)
CERTAINTIES = frozenset({"certain", "conditional", "assumed"})
TRANSFORMS = frozenset({"copy", "masked", "other"})
NODE_STATES = frozenset({"active", "disabled", "deleted"})
GATE_KINDS = frozenset({"approval", "review", "protection", "recovery"})
APPROVING_ACTIONS = frozenset({"approve", "release"})

GATE_TESTS = (
    "human",
    "enforced_by_target",
    "out_of_reach",
    "content_bound",
    "no_auto_threshold",
    "log_out_of_reach",
)
RECOVERY_TESTS = ("restorable", "tested", "out_of_reach")

# The first twelve rows of the crosswalk (assurance.md 1.5); the last four never add S.
HYGIENE = frozenset(
    {
        "orphaned",
        "secret_exposed",
        "third_party_unassessed",
        "weak_auth",
        "overprivileged",
        "pipeline_trust",
        "long_lived",
        "env_mixing",
        "shared_identity",
        "human_use",
        "sod_conflict",
        "change_bypass",
    }
)
DEFAULT_THRESHOLDS = {
    "credential_age_days": 365,
    "vendor_assessment_days": 365,
    "unused_rights_share": 0.8,
    "unused_rights_min": 10,
    "shared_by": 2,
}

# DESIGN section 4: states that give soc1 at a financial node, by fs_role.
_ALL_BUT_READ = frozenset({CONTROL, ALTER, OMIT, HALT})
_CHANGE = frozenset({CONTROL, ALTER, OMIT})
SOC1_BY_ROLE: dict[str, tuple[frozenset[str], str]] = {
    "record": (_ALL_BUT_READ, "direct"),
    "feeder": (_ALL_BUT_READ, "direct"),
    "logic": (_ALL_BUT_READ, "direct"),
    "key_report": (_CHANGE, "direct"),
    "itgc_tool": (_CHANGE, "indirect"),
    "audit_trail": (_ALL_BUT_READ, "indirect"),
    "none": (frozenset(), "none"),
    "unknown": (_ALL_BUT_READ, "undetermined"),
}
# DESIGN section 4: "A category is affected by these states at the node".
AFFECTED_BY: dict[str, frozenset[str]] = {
    "S": _ALL_BUT_READ,
    "A": frozenset({CONTROL, HALT}),
    "PI": _CHANGE,
    "C": frozenset({CONTROL, READ}),
    "P": frozenset({CONTROL, READ, ALTER, OMIT}),
}

OCCURRENCE, COMPLETENESS, ACCURACY = "existence_occurrence", "completeness", "valuation_allocation"
RIGHTS, PRESENTATION, CUT_OFF = "rights_obligations", "presentation_disclosure", "cut_off"
ASSERTIONS = (OCCURRENCE, COMPLETENESS, ACCURACY, RIGHTS, PRESENTATION, CUT_OFF)
ASSERTION_ALIASES = {
    "accuracy": ACCURACY,
    "valuation": ACCURACY,
    "occurrence": OCCURRENCE,
    "existence": OCCURRENCE,
    "rights": RIGHTS,
    "presentation": PRESENTATION,
    "classification": PRESENTATION,
}
ASSERTIONS_OF_ACTION: dict[str, tuple[str, ...]] = {
    "post": (OCCURRENCE, ACCURACY, CUT_OFF),
    "update": (ACCURACY, CUT_OFF, PRESENTATION),
    "delete": (COMPLETENESS,),
    "void": (COMPLETENESS,),
    "change_rate": (ACCURACY,),
    "change_master": (OCCURRENCE, RIGHTS),
    "approve": (OCCURRENCE,),
    "release": (OCCURRENCE,),
    "move_money": (OCCURRENCE, RIGHTS),
    "change_report": (COMPLETENESS, ACCURACY),
}

IDENTITY_COLUMNS = (
    "identity",
    "kind",
    "name",
    "owner",
    "verdict",
    "soc1",
    "soc2",
    "soc2_outside",
    "exposure",
    "icfr_basis",
    "targets",
    "weaknesses",
    "gaps",
    "boundary",
)
VERDICT_COLUMNS = (
    "identity",
    "target",
    "verdict",
    "soc1",
    "soc2",
    "soc2_outside",
    "exposure",
    "certainty",
    "states",
    "assertions",
    "icfr_basis",
    "rules",
    "steps",
    "path_id",
    "gaps",
)
