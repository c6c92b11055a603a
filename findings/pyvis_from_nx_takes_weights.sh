#!/usr/bin/env bash
# Package:   pyvis 0.3.2 with networkx 3.4.2 (PyPI).
# Question:  what does Network.from_nx(graph) do to the graph that it is given?
# Guess:     nothing: a drawing is made of it, and the graph is as it was.
# Behaviour: every edge loses its attribute "weight" and has "width" in its place, every node gets
#            a "size". The graph that is drawn is the one that is changed.
# Meaning:   a drawing before a computation changes its result: without weights networkx counts
#            every edge as 1, and the cheapest path becomes the shortest. What is exported
#            afterwards has no weights.
# Beside it: a node whose label is empty is drawn with its id. (No guess was made for this one.)
# Seen:      cheapest path before: deployer, vault, role, ledger; after from_nx: deployer, ledger.
#            Attributes of an edge before: kind, weight; after: kind, width.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet pyvis==0.3.2 networkx==3.4.2

"$folder/venv/bin/python" - <<'PY'
import sys

import networkx as nx
from pyvis.network import Network

graph = nx.DiGraph()
for source, target, weight in (
    ("deployer", "vault", 1), ("vault", "role", 1), ("role", "ledger", 1), ("deployer", "ledger", 9),
):
    graph.add_edge(source, target, kind="CAN_READ", weight=weight)
graph.nodes["vault"]["label"] = ""


def told():
    path = nx.shortest_path(graph, "deployer", "ledger", weight="weight")
    return path, sorted(graph.edges["deployer", "ledger"]), sorted(graph.nodes["role"])


before = told()
network = Network(directed=True)
network.from_nx(graph)
after = told()
label = next(node["label"] for node in network.nodes if node["id"] == "vault")
print("before:", *before)
print("after: ", *after)
print("label of the node with an empty one:", label)
seen = (before, after, label)
if seen != (
    (["deployer", "vault", "role", "ledger"], ["kind", "weight"], []),
    (["deployer", "ledger"], ["kind", "width"], ["size"]),
    "vault",
):
    sys.exit("changed: another path or other attributes")
PY
echo "as found"
