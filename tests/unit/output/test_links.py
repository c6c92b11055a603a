"""Names of places of pages."""

import hashlib

from nhigraph.output import card_id, node_id, to_node, to_path


def test_a_node_is_named_by_its_key_and_nothing_else() -> None:
    """Text that no UTF-8 has is a key, too."""
    key = "role:postgres:erp/etl"
    assert node_id(key) == hashlib.sha256(key.encode()).hexdigest()[:12]
    assert card_id(key) == f"id-{node_id(key)}"
    assert node_id(key) != node_id(f"{key} ")
    assert len(node_id("lone\ud800surrogate")) == 12


def test_without_a_drawing_nothing_leads_there() -> None:
    assert to_node("graph.html", "a") == f"graph.html#node={node_id('a')}"
    assert to_path("graph.html", "0f") == "graph.html#path=0f"
    assert to_node("", "a") == to_path("", "0f") == to_path("graph.html", "") == ""
