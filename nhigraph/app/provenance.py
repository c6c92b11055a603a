"""What made an answer and of what, as pages and manifests say it."""

import hashlib

from nhigraph.app.judged import Judged
from nhigraph.app.registry import packages
from nhigraph.assurance.provenance import Provenance
from nhigraph.version import RULE_SET, __version__


def inputs_read(judged: Judged) -> dict[str, str]:
    """Digest of every input by its name."""
    listed = judged.coverage.get("artifacts", ())
    return {one["artifact"]: one["sha256"] for one in listed if one["sha256"]}


def made_of(judged: Judged, graph: str) -> Provenance:
    """What a page of an estate is made of.

    Args:
        judged: The estate.
        graph: Digest of the stored graph.
    """
    inputs, documents = inputs_read(judged), judged.coverage.get("artifacts", ())
    scopes = {one["sha256"] for one in documents if one["source"] == "scope" and one["sha256"]}
    listed = "".join(f"{digest}  {name}\n" for name, digest in sorted(inputs.items()))
    read = {one["source"] for one in documents if one["accepted"]}
    others = [(one.name, one.version) for one in packages() if read.intersection(one.sources)]
    return Provenance(
        __version__,
        RULE_SET,
        tuple(others),
        tuple(sorted(scopes)),
        len(inputs),
        hashlib.sha256(listed.encode("utf-8", "backslashreplace")).hexdigest(),
        graph,
    )
