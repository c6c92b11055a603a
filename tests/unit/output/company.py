"""A believable company: what it owns, who acts in it, how they reach its books."""

import hashlib
from dataclasses import dataclass

from nhigraph.assurance.rows import Target

REPO = "github:ledgerline/warehouse"
DB = "role:postgres:erp"
DATA = "dataset:postgres:erp"
GATE = f"{REPO}/protection/main"
RELEASE = f"{REPO}/environment/production"

TARGETS = (
    Target(
        "fin:board-pack",
        "board-pack",
        "financial-reporting",
        process="record-to-report",
        fs_role="key_report",
        icfr_basis="own",
        assertions=("completeness", "valuation_allocation"),
        nodes=("report:dbt:board_pack",),
    ),
    Target(
        "fin:customer-statements",
        "customer-statements",
        "financial-reporting",
        process="order-to-cash",
        fs_role="record",
        icfr_basis="user_entity",
        nodes=(f"{DATA}.billing.statements",),
    ),
    Target(
        "fin:revenue",
        "revenue",
        "financial-reporting",
        process="revenue-recognition",
        fs_role="record",
        icfr_basis="own",
        nodes=(f"{DATA}.marts.revenue",),
    ),
    Target(
        "trust:A/warehouse-uptime",
        "warehouse-uptime",
        "trust-service",
        category="A",
        nodes=(f"{DATA}",),
    ),
    Target(
        "trust:C/customer-pii",
        "customer-pii",
        "trust-service",
        category="C",
        nodes=(f"{DATA}.crm",),
    ),
    Target(
        "trust:P/customer-pii",
        "customer-pii",
        "trust-service",
        category="P",
        nodes=(f"{DATA}.crm",),
    ),
)

#: key, kind, name, owner
IDENTITIES = [
    (f"{REPO}/job/nightly.yml#build", "CiJob", "nightly build", "data-platform"),
    (f"{REPO}/job/release.yml#deploy", "CiJob", "release deploy", "data-platform"),
    (f"{REPO}/job/lint.yml#sqlfluff", "CiJob", "lint", "data-platform"),
    (f"{REPO}/job/docs.yml#pages", "CiJob", "docs pages", "data-platform"),
    (f"{DB}/dbt_runner", "DatabaseRole", "dbt_runner", "data-platform"),
    (f"{DB}/transformer", "DatabaseRole", "transformer", "data-platform"),
    (f"{DB}/payments_loader", "DatabaseRole", "payments_loader", "payments"),
    (f"{DB}/bi_reader", "DatabaseRole", "bi_reader", "finance-analytics"),
    (f"{DB}/billing_app", "DatabaseRole", "billing_app", "billing"),
    (f"{DB}/crm_sync", "DatabaseRole", "crm_sync", ""),
    (f"{DB}/pg_monitor_agent", "DatabaseRole", "pg_monitor_agent", "sre"),
    (f"{DB}/replicator", "DatabaseRole", "replicator", "sre"),
    ("mcp:code-fixer", "AiAgent", "code-fixer", "engineering"),
    ("mcp:recon-copilot", "AiAgent", "recon-copilot", "finance-systems"),
    ("mcp:support-triage", "AiAgent", "support-triage", "support"),
    ("oauth:google/expense-sync", "OAuthApp", "expense-sync", ""),
    ("oauth:slack/standup-bot", "OAuthApp", "standup-bot", "people-ops"),
    ("acme:svc-fx-rates", "ServiceAccount", "svc-fx-rates", "treasury"),
    ("acme:svc-month-end", "ServiceAccount", "svc-month-end", "finance-systems"),
    ("acme:svc-backup", "ServiceAccount", "svc-backup", "sre"),
    ("acme:svc-telemetry", "ServiceAccount", "svc-telemetry", "sre"),
    ("acme:svc-status-page", "ServiceAccount", "svc-status-page", "sre"),
    ("t:ops-bot", "ServiceAccount", "ops-bot", "sre"),
    ("arn:aws:iam::111122223333:role/erp-deployer", "CloudRole", "erp-deployer", "platform"),
    ("arn:aws:iam::111122223333:role/log-shipper", "CloudRole", "log-shipper", "sre"),
    ("arn:aws:iam::111122223333:role/sandbox", "CloudRole", "sandbox", "engineering"),
    ("k8s:prod/billing/serviceaccount/api", "KubernetesServiceAccount", "billing/api", "billing"),
    ("k8s:prod/web/serviceaccount/front", "KubernetesServiceAccount", "web/front", "web"),
    ("github:runner/self-hosted-2", "Runner", "self-hosted-2", ""),
    ("proc:settlement-robot", "ServiceAccount", "settlement-robot (processor)", "processor"),
]


def sha(text: str) -> str:
    """A digest that is the same on every machine."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Hop:
    """One step in short."""

    to: str
    kind: str
    state: str
    artifact: str
    line: int = 0
    pointer: str = ""
    action: str = ""
    certainty: str = "certain"
    condition: str = ""
    gate: str = ""


SECRET = f"{REPO}/secret/DBT_PASSWORD"
NIGHTLY = ".github/workflows/nightly.yml"
_RUN = [
    Hop(SECRET, "CAN_READ", "READ", NIGHTLY, 31, "/jobs/build/env/DBT_PASSWORD", "use_secret"),
    Hop(f"{DB}/dbt_runner", "AUTHENTICATES_AS", "CONTROL", "warehouse/profiles.yml", 9),
    Hop(f"{DB}/transformer", "MEMBER_OF", "CONTROL", "erp.postgres.json", 212, "/members/3"),
    Hop(f"{DATA}.marts.revenue", "OWNS", "ALTER", "erp.postgres.json", 480, "/relations/17"),
]
_REVENUE = Hop("fin:revenue", "SUPPORTS", "ALTER", "scope.yaml", 14, "/targets/0")
_BOARD = [
    Hop("report:dbt:board_pack", "FEEDS", "ALTER", "warehouse/target/manifest.json", 90112),
    Hop("fin:board-pack", "SUPPORTS", "ALTER", "scope.yaml", 22),
]
_FIX = [
    Hop(
        REPO, "CAN_WRITE", "ALTER", "agents.facts.yaml", 12, "/edges/4", "change_logic", gate=GATE
    ),
    Hop("model:dbt:ledgerline.revenue", "CONTAINS", "ALTER", "warehouse/models/revenue.sql", 1),
    Hop(f"{DATA}.marts.revenue", "COMPUTES", "ALTER", "warehouse/target/manifest.json", 88231),
    _REVENUE,
]
_LOAD = [
    Hop(f"{DATA}.raw.payments", "CAN_WRITE", "ALTER", "erp.postgres.json", 96, "", "post"),
    Hop(f"{DATA}.marts.revenue", "FEEDS", "ALTER", "warehouse/target/manifest.json", 88240),
    _REVENUE,
]
_FX = [
    Hop(
        f"{DATA}.ref.fx_rate",
        "CAN_WRITE",
        "ALTER",
        "erp.postgres.json",
        131,
        "/acl/44",
        "change_rate",
    ),
    Hop(
        f"{DATA}.marts.revenue",
        "FEEDS",
        "ALTER",
        "warehouse/target/manifest.json",
        88244,
        certainty="conditional",
        condition="compiled SQL uses the rate only when currency is not EUR",
    ),
    _REVENUE,
]
_STOP = [
    Hop(f"{REPO}/job/nightly.yml#build", "CAN_STOP", "HALT", "bots.facts.yaml", 31, "", "stop"),
    Hop(f"{DATA}.marts.revenue", "COMPUTES", "HALT", "warehouse/target/manifest.json", 88231),
    Hop("fin:revenue", "SUPPORTS", "HALT", "scope.yaml", 14),
]
_UPTIME = Hop("trust:A/warehouse-uptime", "SUPPORTS", "HALT", "scope.yaml", 31)
_PII = [
    Hop(f"{DATA}.crm.customers", "CAN_READ", "READ", "erp.postgres.json", 301, "", "read"),
    Hop("trust:C/customer-pii", "SUPPORTS", "READ", "scope.yaml", 40),
]
_BILL = [
    Hop(
        f"{DATA}.billing.statements", "CAN_WRITE", "ALTER", "erp.postgres.json", 355, "", "update"
    ),
    Hop("fin:customer-statements", "SUPPORTS", "ALTER", "scope.yaml", 50),
]
_DEPLOY = [
    Hop(
        "k8s:prod/billing/serviceaccount/api",
        "CAN_ADMINISTER",
        "CONTROL",
        "iam/policies.json",
        88,
        gate=RELEASE,
    ),
    Hop(f"{DB}/billing_app", "RUNS_AS", "CONTROL", "k8s/billing.yaml", 51),
    *_BILL,
]

#: Index, verdict, soc1, soc2, outside, exposure, weaknesses, gaps, certainty, rules.
ANSWERS = """
0  both direct S;A - open long_lived - can R2;R4;R8;R9;R12
1  soc1 direct - - gated - - can R2
4  both direct S;A - open long_lived - can R2;R8;R9;R12
5  both direct A - open - - can R2;R8;R9
6  soc1 direct - - open - - can R3
7  soc2 none C;P - open - - can R8;R11
8  soc1 direct - - open - - can R2
9  soc2 none C;P;S - open orphaned;shared_identity - can R11;R12
12 both direct S;A - gated - - can R4;R9;R12
13 soc1 direct - - open - - may R3
14 undetermined undetermined undetermined - undetermined - mcp:support-triage may R0
15 soc2 none S;C;P - open third_party_unassessed - can R11;R12
17 soc1 direct - - open - - may R3
18 both direct S - undetermined overprivileged RELEASE can R2;R12
22 both direct A - open - - can R9
23 soc1 direct - - gated - - can R2
24 neither none - A in-population - - can R9
26 soc1 direct - - open - - can R2
28 undetermined undetermined - - undetermined - github:runner/self-hosted-2 may R0
29 undetermined undetermined - - relies_on_subservice - - may R13
""".replace("RELEASE", RELEASE)

#: Paths by index; others have none.
PATHS = {
    0: [[*_RUN, _REVENUE], [*_RUN, *_BOARD], [*_RUN, _UPTIME]],
    1: [_DEPLOY],
    4: [[*_RUN[2:], _REVENUE], [*_RUN[2:], _UPTIME]],
    5: [[_RUN[3], _REVENUE], [_RUN[3], _UPTIME]],
    6: [_LOAD],
    7: [_PII],
    8: [_BILL],
    9: [_PII],
    12: [_FIX, [*_FIX[:-1], _UPTIME]],
    13: [_FX],
    15: [_PII],
    17: [_FX],
    18: [[*_RUN[2:], _REVENUE]],
    22: [_STOP, [*_STOP[:-1], _UPTIME]],
    23: [_DEPLOY],
    26: [_DEPLOY[1:]],
}

GAPS: dict[str, tuple[str, ...]] = {
    "mcp:support-triage": ("the agent’s tool list names a server that no export describes",),
    "github:runner/self-hosted-2": ("runner group membership was not exported",),
    RELEASE: ("required reviewers are not in the export",),
}
