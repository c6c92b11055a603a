"""Why a node, or all that a target rests on, holds nothing on the day of an answer, in words."""

from nhigraph.assurance.estate import Estate

#: What is in order to see what would be there.
ADVICE = "`--include-disabled` shows what a mistake would open"
_NAMED = 3


def inactive(estate: Estate, key: str) -> str:
    """Why nothing is held there on the day; empty where something may be.

    Args:
        estate: The estate.
        key: Key of a node or of a target.
    """
    target = next((one for one in estate.targets if one.key == key), None)
    keys = (key,) if target is None else target.nodes
    reasons = [why for name in keys if (why := _reason(estate, name))]
    if not keys or len(reasons) < len(keys):
        return ""
    if target is None:
        return f"{key} is inactive on {estate.day.as_of}: it {reasons[0]}"
    told = [f"{name} {why}" for name, why in zip(keys[:_NAMED], reasons, strict=False)]
    more = [f"and {len(keys) - _NAMED:,} more"] if len(keys) > _NAMED else []
    named = ", ".join([*told, *more])
    return f"all that {key} rests on is inactive on {estate.day.as_of}: {named}"


def _reason(estate: Estate, key: str) -> str:
    node = estate.graph.node_id(key)
    if node is None or estate.alive[node]:
        return ""
    state, expires = (str(estate.graph.nodes[name].iat[node]) for name in ("state", "expires"))
    return f"is {state}" if state in ("disabled", "deleted") else f"expired on {expires}"
