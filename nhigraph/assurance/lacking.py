"""What became of a target that no node supports, said alike wherever it is said."""

from nhigraph.assurance.rows import Target

#: Why nothing supports a target whose record was understood.
OUTSIDE, EMPTY = "outside", "empty"
#: Those whose nodes the inputs have, or that asks for none: they are not to be looked for there.
_SAID = {OUTSIDE: "put outside the boundary", EMPTY: "given nothing to select"}


def lack(target: Target) -> str:
    """What became of it, as it stands behind "was"; empty where a node supports it."""
    if not target.dead:
        return ""
    if target.refused:
        return "not understood in the scope"
    return _SAID.get(target.lost, "not found in the inputs")
