"""Files of supposed changes with a canary in every field: one that is taken, and others.

They lie among the inputs, too, where nothing reads them.
"""

from collections.abc import Iterator

from tests.e2e.canaries import Input

_TAKEN = """\
nhigraph: changes/1
remove:
  nodes: ["acme:yaml"]
add:
  nodes:
    - kind: ServiceAccount
      key: acme:supposed
      name: supposed, https://u:CANARY@h.internal
      owner: password=CANARY
    - {kind: ServiceAccount, key: "https://u:CANARY@h/supposed"}
  edges:
    - kind: CAN_WRITE
      from: acme:supposed
      to: acme:json
      condition: password=CANARY
      certainty: conditional
      gate: https://u:CANARY@h/gate
    - {kind: CAN_READ, from: "acme:supposed", to: "https://u:CANARY@h/supposed"}
  gaps:
    - {at: "acme:supposed", reason: "not known, password=CANARY"}
"""
#: Each is refused as a whole, with a line that says where and why.
REFUSED = {
    "key": "nhigraph: changes/1\nhttps://u:CANARY@h: CANARY\n",
    "form": "nhigraph: https://u:CANARY@h\n",
    "node": 'nhigraph: changes/1\nremove: {nodes: ["https://u:CANARY@h"]}\n',
    "edge": "nhigraph: changes/1\n"
    'remove: {edges: [{kind: "password=CANARY", from: "https://u:CANARY@h", to: "acme:json"}]}\n',
    "place": "nhigraph: changes/1\n"
    'remove: {places: [{artifact: "https://u:CANARY@h", pointer: "/password=CANARY"}]}\n',
    "files": 'nhigraph: changes/1\nadd: {files: ["https://u:CANARY@h", "password=CANARY"]}\n',
    "type": "nhigraph: changes/1\nremove: {nodes: {password: CANARY}}\n",
    "record": "nhigraph: changes/1\nadd: {nodes: [password=CANARY, {password: CANARY}]}\n",
    "kind": 'nhigraph: changes/1\nadd: {nodes: [{kind: "password=CANARY", key: "acme:odd"}]}\n',
    "field": "nhigraph: changes/1\n"
    'add: {nodes: [{kind: User, key: "acme:odd", password: CANARY}]}\n',
    "gate": "nhigraph: changes/1\n"
    'add: {gates: [{key: "https://u:CANARY@h", kind: approval, tests: {human: CANARY}}]}\n',
    "text": "nhigraph: changes/1\n  password: CANARY\n - https://u:CANARY@h\n",
}
#: The name of the file that is taken.
TAKEN = "supposed/taken.yaml"


def supposed() -> Iterator[Input]:
    """The files, as they lie among the inputs."""
    yield Input("supposed", TAKEN, _TAKEN)
    for name, text in REFUSED.items():
        yield Input("supposed", f"supposed/{name}.yaml", text)
