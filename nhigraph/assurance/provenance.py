"""What made an answer, and of what."""

from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made an answer, and of what: enough to make it again and compare.

    Attributes:
        tool: Version of nhigraph; empty where nobody said.
        rules: Version of its rule set.
        packages: Other packages that read inputs, with their versions.
        scope: Digests of the scope files.
        inputs: How many files were read.
        inputs_sha256: Digest of their list, a line each as sha256sum prints it, by name.
        graph: Digest of the graph.
    """

    tool: str = ""
    rules: str = ""
    packages: tuple[tuple[str, str], ...] = ()
    scope: tuple[str, ...] = ()
    inputs: int = 0
    inputs_sha256: str = ""
    graph: str = ""
