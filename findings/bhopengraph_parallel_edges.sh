#!/usr/bin/env bash
# Package:   bhopengraph 1.3.1 (PyPI), which writes and reads the OpenGraph JSON of attack-path tools.
# Question:  two edges have one start, one end and one kind, but different properties: the same
#            right, granted in two places. What does the graph hold?
# Guess:     both, or an error; and the same, whichever call brings them in.
# Behaviour: one, silently: an edge is its start, end and kind, properties do not count. Which one
#            depends on the call. add_edge and add_edges keep the first and return False, which their
#            documentation gives to missing nodes. add_edges_without_validation and the import of
#            a document keep the last and return True. validate_graph finds nothing amiss.
# Meaning:   a property that says where a right comes from is lost for all places but one, and
#            reading a document back can change which. Remove that one grant, and the path that
#            was reported closed is still there. Put the place into the kind or into a node, or
#            collect all places in one property before adding the edge.
# Seen:      add_edge                      [True, False]  ['first.yml']
#            add_edges                     False          ['first.yml']
#            add_edges_without_validation  True           ['second.yml']
#            import_from_dict              True           ['second.yml']
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --no-deps bhopengraph==1.3.1

"$folder/venv/bin/python" - <<'PY'
import sys

from bhopengraph.Edge import Edge
from bhopengraph.Node import Node
from bhopengraph.OpenGraph import OpenGraph
from bhopengraph.Properties import Properties

PLACES = ("first.yml", "second.yml")


def edges():
    return [Edge("job", "role", "CanAssume", Properties(place=place)) for place in PLACES]


def document():
    return {
        "graph": {
            "nodes": [
                {"id": name, "kinds": ["Thing"], "properties": {"name": name}}
                for name in ("job", "role")
            ],
            "edges": [
                {
                    "kind": "CanAssume",
                    "start": {"value": "job", "match_by": "id"},
                    "end": {"value": "role", "match_by": "id"},
                    "properties": {"place": place},
                }
                for place in PLACES
            ],
        }
    }


WAYS = {
    "add_edge": lambda graph: [graph.add_edge(edge) for edge in edges()],
    "add_edges": lambda graph: graph.add_edges(edges()),
    "add_edges_without_validation": lambda graph: graph.add_edges_without_validation(edges()),
    "import_from_dict": lambda graph: graph.import_from_dict(document()),
}
SEEN = {
    "add_edge": ([True, False], ["first.yml"]),
    "add_edges": (False, ["first.yml"]),
    "add_edges_without_validation": (True, ["second.yml"]),
    "import_from_dict": (True, ["second.yml"]),
}

changed = False
for name, bring_in in WAYS.items():
    graph = OpenGraph()
    if name != "import_from_dict":
        for node in ("job", "role"):
            graph.add_node(Node(node, ["Thing"], Properties(name=node)))
    answer = bring_in(graph)
    held = [edge["properties"]["place"] for edge in graph.export_to_dict()["graph"]["edges"]]
    print(name, answer, held, graph.validate_graph())
    changed |= (answer, held) != SEEN[name] or graph.validate_graph() != (True, [])
if changed:
    sys.exit("changed: see 'Seen' at the top of this script")
PY
echo "as found"
