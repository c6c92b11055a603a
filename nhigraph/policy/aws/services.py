"""What may be done in the service behind a name that roles trust.

A service is trusted as ``NAME.amazonaws.com``, with a region or a part of it before or behind, and
its actions have a prefix of their own
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
and https://docs.aws.amazon.com/service-authorization/latest/reference/, read 30 November 2026).
The two are mostly alike; where they are not, no table of AWS says so.
"""

import re
from functools import cache
from typing import Final

from nhigraph.policy.aws import effects

_PARTS: Final = re.compile(r"[.-]")
#: An action that no service has: whoever may do anything there may do it.
_ANY: Final = "nhigraph-anything"
#: Names that say nothing of the prefix.
_OTHERS: Final = {
    "edgelambda": "cloudfront",
    "spotfleet": "ec2",
    "vpc-flow-logs": "ec2",
    "vmie": "ec2",
    "opensearchservice": "es",
    "pinpoint": "mobiletargeting",
    "migrationhub": "mgh",
    "lexv2": "lex",
}


@cache
def _prefixes() -> dict[str, tuple[str, ...]]:
    """Actions that are more than reading, by service, lower case."""
    found: dict[str, list[str]] = {}
    for low, action in effects.actions().items():
        if set(action.levels) - {"r", "l"}:
            found.setdefault(low.partition(":")[0], []).append(low)
    return {name: tuple(row) for name, row in found.items()}


@cache
def doing(service: str) -> tuple[str, ...]:
    """Actions, lower case, by which something is done in a service; of one not known, any word."""
    name = service.lower().removesuffix(".cn").removesuffix(".amazonaws.com")
    known = _prefixes()
    whole, parts = name.split("."), _PARTS.split(name)
    found = {one for one in (*whole, *parts, *(_OTHERS.get(x, "") for x in whole)) if one in known}
    if not found:
        return tuple(f"{one}:{_ANY}" for one in dict.fromkeys((*whole, *parts)))
    return tuple(action for one in sorted(found) for action in known[one])
