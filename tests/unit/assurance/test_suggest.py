"""A scope is proposed from names: whole words, few selectors, nothing that claims itself."""

import random
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from nhigraph.assurance.day import Day
from nhigraph.assurance.select import Selector
from nhigraph.assurance.suggest import suggest
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Claim, Edge, Fact, Node, Note, Refused, Value
from nhigraph.graph.build import build
from nhigraph.graph.store import Graph
from nhigraph.ingest.document import Document
from nhigraph.schema import kinds as k
from nhigraph.schema.types import EdgeKind, NodeKind
from nhigraph.sources import scope

HERE = Evidence("a.facts.json", "/nodes/0", "0" * 64)
ERP = "dataset:postgres:erp."


def node(
    key: str, kind: NodeKind = k.DATASET, *, name: str = "", owner: str = "", **props: Value
) -> Node:
    return Node(kind, key, HERE, name=name, owner=owner, props=props)


def edge(source: str, target: str, kind: EdgeKind = k.FEEDS) -> Edge:
    return Edge(kind, source, target, HERE)


def graph_of(*facts: Fact) -> Graph:
    return build(facts).graph


def tables(*names: str) -> list[Fact]:
    return [node(f"{ERP}{name}") for name in names]


def confirmed(text: str) -> str:
    """The text with the first mark taken off every line, as an editor does it."""
    return "\n".join(re.sub(r"^# ?", "", line) for line in text.split("\n"))


def claims(text: str, folder: Path) -> list[Fact]:
    path = folder / "scope.yaml"
    path.write_text(text, encoding="utf-8")
    return list(scope.read(Document(path, "scope.yaml")))


def targets(graph: Graph, folder: Path) -> dict[str, Claim]:
    """What is claimed once everything is confirmed; nothing of it may be refused."""
    found = claims(confirmed(suggest(graph, None)), folder)
    assert not [fact for fact in found if isinstance(fact, Refused | Note)]
    claimed = [fact for fact in found if isinstance(fact, Claim) and fact.subject == "target"]
    return {str(claim.body["id"]): claim for claim in claimed}


def items(claim: Claim) -> list[dict[str, str]]:
    value = claim.body["select"]
    assert isinstance(value, Iterable)
    return [dict(item) for item in value]


def selected(graph: Graph, claim: Claim) -> set[str]:
    found = Selector(graph, Day("2026-11-23")).matches(items(claim))
    return {graph.key_list[number] for number in found}


HOSTILE = (
    'gl"\ntargets: [{id: x}]',
    "gl\\",
    "gl\u2028# x",
    "gl *&!|>'%@`",
    "gl\x00\x07\x7f",
    "gl: {a: b}, [c] # d",
    "gl\u202eevil",
    "gl" + "*a" * 40,
    "gl??**",
    "gl" + "x" * 900,
    "gl 💶\ufeff",
)


# -- what the text is ---------------------------------------------------------------------------


def test_nothing_is_claimed_until_a_mark_is_taken_off(tmp_path: Path) -> None:
    """The file as it stands is a scope without a target, and every proposal is a comment."""
    text = suggest(graph_of(*tables("fin.gl", "crm.customers")), "Ledgerline")
    found = claims(text, tmp_path)
    assert [fact.subject for fact in found if isinstance(fact, Claim)] == ["scope"]
    assert not [fact for fact in found if isinstance(fact, Refused | Note)]
    plain = [line for line in text.splitlines() if not line.startswith("#")]
    assert plain == ["nhigraph: scope/1", 'organization: "Ledgerline"', "targets:"]


def test_a_graph_that_says_nothing_gives_an_empty_scope(tmp_path: Path) -> None:
    """No name speaks for a target: the list is empty, in so many words."""
    for facts in ([], tables("public.english", "public.global_settings")):
        text = suggest(graph_of(*facts), None)
        assert "targets: []" in text
        assert targets(graph_of(*facts), tmp_path) == {}


def test_every_proposed_line_has_its_reason() -> None:
    """No commented line stands without a second comment that says why."""
    text = suggest(graph_of(*tables("fin.gl", "crm.customers", "ops.backups")), None)
    proposed = [line for line in text.splitlines() if line.startswith("#   ")]
    assert len(proposed) > 10
    assert all("  # " in line for line in proposed)


def test_placeholders_claim_nothing(tmp_path: Path) -> None:
    """Confirmed unread, the head says that commitments are unknown, not that there are any."""
    found = claims(confirmed(suggest(graph_of(*tables("fin.gl")), None)), tmp_path)
    (head,) = [fact for fact in found if isinstance(fact, Claim) and fact.subject == "scope"]
    assert head.body["commitments"] == "unknown"
    assert head.body["as_of"] is None


def test_the_text_does_not_depend_on_the_order_of_the_facts() -> None:
    """Shuffled facts give the same bytes."""
    facts = [
        *tables("fin.gl", "fin.gl_lines", "fin.journal", "crm.customers", "pay.salaries"),
        node("report:dbt:board_pack", k.REPORT, name="board pack", owner="finance"),
        node(f"{ERP}x.y", tags=("ledger", "pii")),
        edge(f"{ERP}fin.gl", "report:dbt:board_pack"),
    ]
    expected = suggest(graph_of(*facts), None)
    for seed in range(5):
        random.Random(seed).shuffle(facts)
        assert suggest(graph_of(*facts), None) == expected


# -- which words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("fin.gl", "general-ledger"),
        ("fin.GLBalances", "general-ledger"),
        ("fin.journal_entries", "general-ledger"),
        ("fin.trial_balances", "trial-balance"),
        ("fin.balance_sheet", "financial-statements"),
        ("fin.accounts_receivable", "accounts-receivable"),
        ("fin.ap_aging", "accounts-payable"),
        ("fin.invoices_2025", "invoices"),
        ("fin.stg_stripe__payouts", "payouts"),
        ("fin.exchange_rates", "exchange-rates"),
        ("fin.fxRates", "exchange-rates"),
        ("fin.sales_taxes", "tax"),
        ("fin.bank_reconciliations", "bank-reconciliation"),
        ("fin.vendor_master", "vendor-master"),
        ("fin.cash_positions", "cash"),
        ("fin.deferred_revenue", "revenue"),
        ("fin.consolidation", "consolidation"),
        ("hr.payroll_runs", "payroll"),
        ("payroll.runs", "payroll"),
        ("fin.things", "finance-data"),
        ("crm.customers", "customer-data"),
        ("app.users", "user-data"),
        ("hr.employees", "employee-data"),
        ("app.people", "personal-data"),
        ("ops.db_backups", "backups"),
    ],
)
def test_a_whole_word_of_a_name_speaks_for_its_target(
    name: str, target: str, tmp_path: Path
) -> None:
    """Names in snake case, camel case and plural, and schemas, lead to the one target."""
    graph = graph_of(*tables(name))
    found = targets(graph, tmp_path)
    assert list(found) == [target]
    assert selected(graph, found[target]) == {f"{ERP}{name}"}


@pytest.mark.parametrize(
    "name",
    [
        "p.english",
        "p.globe",
        "p.taxonomy",
        "p.cashew",
        "p.apple",
        "p.arrival",
        "p.ñgl",
        "p.a%2Egl",
    ],
)
def test_a_part_of_a_word_speaks_for_nothing(name: str, tmp_path: Path) -> None:
    """Words count whole; an escaped dot is a word's end, so the last one is the exception."""
    found = targets(graph_of(*tables(name)), tmp_path)
    assert list(found) == (["general-ledger"] if "%" in name else [])


def test_the_longer_phrase_wins(tmp_path: Path) -> None:
    """'deferred revenue' is revenue, 'purchase invoice' is a payable and no sales invoice."""
    found = targets(graph_of(*tables("p.purchase_invoices")), tmp_path)
    assert list(found) == ["accounts-payable"]


def test_one_table_may_be_of_the_books_and_about_people(tmp_path: Path) -> None:
    """Books, disclosure and availability are told apart: a table can be in several."""
    found = targets(graph_of(*tables("p.customer_invoices_backup")), tmp_path)
    assert sorted(found) == ["backups", "customer-data", "invoices"]
    assert found["customer-data"].body["commitments"] == ("C", "P")
    assert found["backups"].body["commitments"] == ("A",)


def test_logs_keys_and_identity_providers_are_proposed_by_kind(tmp_path: Path) -> None:
    """An audit log is a trail, a key an availability promise, an identity provider a tool."""
    graph = graph_of(
        node("acme:trail", k.AUDIT_LOG),
        node("acme:key-1", k.ENCRYPTION_KEY),
        node("acme:okta", k.SYSTEM),
        node("acme:netsuite", k.SYSTEM),
        node(f"{ERP}ops.okta_events"),
    )
    found = targets(graph, tmp_path)
    assert found["audit-logs"].body["fs_role"] == "audit_trail"
    assert found["encryption-keys"].body["commitments"] == ("A",)
    assert found["identity-providers"].body["fs_role"] == "itgc_tool"
    assert selected(graph, found["identity-providers"]) == {"acme:okta"}
    assert selected(graph, found["accounting-systems"]) == {"acme:netsuite"}


def test_tags_groups_and_dbt_names_become_selectors(tmp_path: Path) -> None:
    """What people wrote on a node is selected as they wrote it."""
    graph = graph_of(
        node(f"{ERP}a.one", tags=("ledger", "nightly")),
        node(f"{ERP}a.two", group="treasury"),
        node(f"{ERP}a.three", dbt=("stg_invoices",)),
    )
    found = targets(graph, tmp_path)
    assert items(found["general-ledger"]) == [{"kind": "Dataset", "tag": "ledger"}]
    assert items(found["cash"]) == [{"kind": "Dataset", "group": "treasury"}]
    assert items(found["invoices"]) == [{"kind": "Dataset", "dbt": "stg_invoices"}]


def test_meta_counts_unless_it_denies(tmp_path: Path) -> None:
    """``pii: false`` is no reason for anything."""
    graph = graph_of(
        node(f"{ERP}a.one", meta=("contains_pii: true",)),
        node(f"{ERP}a.two", meta=("contains_pii: false",)),
        Node(k.DATASET, f"{ERP}a.three", HERE, props={"meta.sox": True}),
        Node(k.DATASET, f"{ERP}a.four", HERE, props={"meta.sox": False}),
    )
    found = targets(graph, tmp_path)
    assert selected(graph, found["personal-data"]) == {f"{ERP}a.one"}
    assert selected(graph, found["finance-data"]) == {f"{ERP}a.three"}


# -- reports ------------------------------------------------------------------------------------


def test_an_exposure_is_selected_by_its_dbt_name(tmp_path: Path) -> None:
    """A report of the books is a key report; one without such a word has an unknown role."""
    graph = graph_of(
        node("report:dbt:revenue_board", k.REPORT),
        node("report:dbt:usage", k.REPORT, owner="finance@ledgerline.example"),
        node("report:dbt:clicks", k.REPORT),
        node("acme:report/clicks", k.REPORT),
    )
    found = targets(graph, tmp_path)
    assert items(found["report-revenue-board"]) == [{"dbt": "exposure:revenue_board"}]
    assert found["report-revenue-board"].body["fs_role"] == "key_report"
    assert found["report-usage"].body["fs_role"] == "key_report"
    assert found["report-clicks"].body["fs_role"] == "unknown"
    assert items(found["report-clicks"]) == [{"key": "acme:report/clicks"}]
    assert items(found["report-clicks-2"]) == [{"dbt": "exposure:clicks"}]
    assert list(found)[-2:] == ["report-clicks", "report-clicks-2"]


# -- selectors ----------------------------------------------------------------------------------


def test_tables_that_agree_share_a_selector(tmp_path: Path) -> None:
    """The shortest prefix after the word that matches them and nothing else."""
    graph = graph_of(*tables("fin.gl", "fin.gl_lines", "fin.gl_balances"))
    found = targets(graph, tmp_path)
    assert items(found["general-ledger"]) == [{"key": f"{ERP}fin.gl*"}]


def test_a_selector_takes_in_no_neighbour_by_chance(tmp_path: Path) -> None:
    """``gl*`` would match the globe: the prefix is longer then, or the key is whole."""
    graph = graph_of(*tables("s.gl", "s.gl_lines", "s.gl_sums", "s.globe"))
    found = targets(graph, tmp_path)
    assert items(found["general-ledger"]) == [{"key": f"{ERP}s.gl_*"}, {"key": f"{ERP}s.gl"}]


def test_selectors_match_their_topic_only_and_the_counts_are_true(tmp_path: Path) -> None:
    """On random names every count in a comment is what the selector matches."""
    words = ["gl", "globe", "lines", "tax", "taxonomy", "customers", "x", "invoices", "stg"]
    chosen = random.Random(7)
    names = {
        f"{chosen.choice(['fin', 'crm', 'app'])}."
        + "_".join(chosen.choices(words, k=chosen.randint(1, 3)))
        for _ in range(300)
    }
    graph = graph_of(*tables(*names))
    text = suggest(graph, None)
    selector = Selector(graph, Day("2026-11-23"))
    counted = re.findall(r'\{key: "([^"]+)"\}  # (\d+) node', text)
    assert len(counted) > 20
    for glob, number in counted:
        assert len(selector.item({"key": glob})) == int(number)
    for name, claim in targets(graph, tmp_path).items():
        for key in selected(graph, claim):
            parts = re.split(r"[._]", key.removeprefix(ERP))
            if name == "general-ledger":
                assert "gl" in parts
            if name == "tax":
                assert "tax" in parts


def test_too_many_selectors_are_counted_not_hidden() -> None:
    """Tables that share no prefix beyond the limit are said to be left out."""
    names = [f"s{number}.gl" for number in range(20)]
    text = suggest(graph_of(*tables(*names)), None)
    assert text.count("{key: ") == 12
    assert "left out: 8 more selectors, 8 nodes" in text


def test_at_most_forty_targets_are_proposed(tmp_path: Path) -> None:
    """The rest is counted."""
    reports = [node(f"report:dbt:tax_{n}", k.REPORT) for n in range(120)]
    graph = graph_of(*reports)
    assert len(targets(graph, tmp_path)) == 40
    assert "80 more, less relied on, are left out." in suggest(graph, None)


# -- order --------------------------------------------------------------------------------------


def test_what_most_lineage_leads_to_comes_first(tmp_path: Path) -> None:
    """The statements rest on all, the bank feed on nothing; a cycle counts once."""
    names = ("raw.bank", "stg.invoices", "mart.revenue", "mart.balance_sheet")
    bank, invoices, revenue, sheet = (f"{ERP}{name}" for name in names)
    chain = [edge(bank, invoices), edge(invoices, revenue), edge(revenue, sheet)]
    graph = graph_of(*tables(*names), *chain, edge(revenue, invoices))
    assert list(targets(graph, tmp_path)) == [
        "financial-statements",
        "revenue",
        "invoices",
        "bank-reconciliation",
    ]
    assert "1 node; lineage leads to it from 3, 0 take from it." in suggest(graph, None)
    assert "1 node; lineage leads to it from 2, 1 takes from it." in suggest(graph, None)


# -- hostile names ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_inside_its_line(name: str, tmp_path: Path) -> None:
    """Whatever a key, name, owner, tag, group or the organization holds, only we write lines."""
    graph = graph_of(
        node(f"{ERP}fin.{name}", name=name, tags=(name,), group=name, dbt=(name,), meta=(name,)),
        node(f"report:dbt:{name}", k.REPORT, name=name, owner=name),
    )
    text = suggest(graph, name)
    known = ("#", "nhigraph: scope/1", "organization: ", "targets:")
    assert all(line.startswith(known) for line in text.splitlines())
    assert all(c.isprintable() or c == "\n" for c in text)
    assert not [f for f in claims(text, tmp_path) if isinstance(f, Refused | Note)]
    found = targets(graph, tmp_path)
    selector = Selector(graph, Day("2026-11-23"))
    assert found
    for claim in found.values():
        for item in items(claim):
            assert selector.item(item), item
