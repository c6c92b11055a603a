"""What things are called on the page."""

from nhigraph.assurance.rows import Assessment, PathStep, Target
from nhigraph.output import clip, spaced, words

#: A name longer than this loses its middle; the whole of it stands in the CSV files.
_NAME = 96
_KEY = 200


class Naming:
    """Names, kinds and places of one assessment, short enough to read."""

    def __init__(self, assessment: Assessment) -> None:
        self._names = assessment.names
        self._kinds = assessment.kinds
        self._models = assessment.models
        self._targets = {target.key: target for target in assessment.targets}

    def name(self, key: str) -> str:
        """Display name of a node; of a target its id, and what it is."""
        target = self._targets.get(key)
        if target is not None:
            return clip(target_name(target), _NAME)
        return clip(self._names.get(key) or key, _NAME)

    def kind(self, key: str) -> str:
        """Kind of a node in words, or nothing where it is not known."""
        if key in self._targets:
            return "target"
        return spaced(self._kinds.get(key, ""))

    def model(self, key: str) -> str:
        """Name of the logic that computes a dataset, or nothing."""
        return clip(self._models.get(key, ""), _NAME)

    def target(self, key: str) -> Target | None:
        """The assurance target with that key."""
        return self._targets.get(key)


def target_name(target: Target) -> str:
    """Id of a target and, of a trust target, its category."""
    if target.category:
        return f"{target.id}: {word('category', target.category)}"
    return target.id


def word(group: str, code: str) -> str:
    """The words for a code; the code itself where there are none."""
    return words()[group].get(code, code)


def short_key(key: str) -> str:
    """The key, without its middle where it is very long."""
    return clip(key, _KEY)


def place(step: PathStep) -> str:
    """File and line of a step's evidence; the file alone where it has no lines."""
    where = f"{step.artifact}:{step.line}" if step.line else step.artifact
    return clip(where, _KEY)


def verb_of(step: PathStep) -> str:
    """What a step is, as the words between its ends."""
    # Reading flows against a feed: what was read is then the step's end, not its start.
    backwards = words()["edge_backwards"] if step.state == "READ" else {}
    verb = backwards.get(step.edge_kind) or word("edge", step.edge_kind)
    return verb if verb != step.edge_kind else verb.replace("_", " ").lower()
