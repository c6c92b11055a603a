"""What is listed of variables, of an environment's own rules and of rulesets, as far as it counts.

Shapes are those of the REST API as ``gh api`` prints them (read 28 November 2026):

* ``actions/variables`` of a repository or an organization, ``actions/organization-variables``,
  ``environments/{e}/variables`` (https://docs.github.com/en/rest/actions/variables). A value is no
  secret to GitHub, and often one all the same: none is kept, and none is followed
* ``environments/{e}/deployment-branch-policies``, ``environments/{e}/deployment_protection_rules``
  (https://docs.github.com/en/rest/deployments)
* ``rulesets`` of either: names alone. Easily guessed wrong: the list lacks the rules, the branches
  and who passes them by; each ruleset's own record has them
  (https://docs.github.com/en/rest/repos/rules)
"""

from collections.abc import Iterator

from nhigraph.facts import keys
from nhigraph.facts.facts import Fact, Node, Note
from nhigraph.ingest.document import Document
from nhigraph.schema import kinds as k
from nhigraph.sources.github_actions import address
from nhigraph.sources.github_actions.listings import items
from nhigraph.sources.github_actions.shape import mapping, sequence


def variables(doc: Document) -> Iterator[Fact]:
    """Variables, of which nothing is kept.

    Raises:
        InputError: They are no list.
    """
    if items(doc, "variables"):
        reason = "what a variable stands for is not followed, and no value of one is kept"
        yield Note(reason, doc.at("variables"))


def branch_policies(doc: Document) -> Iterator[Fact]:
    """Branches from which an environment may be used: no review, whichever they are.

    Raises:
        InputError: They are no list.
    """
    yield from _environment(doc)
    if items(doc, "branch_policies"):
        reason = "which branches an environment may be used from is nobody's review"
        yield Note(reason, doc.at("branch_policies"))


def custom_rules(doc: Document) -> Iterator[Fact]:
    """Rules of an environment that apps decide.

    Raises:
        InputError: They are no list.
    """
    yield from _environment(doc)
    rules = [mapping(item) for item in items(doc, "custom_deployment_protection_rules")]
    if any(rule.get("enabled") is not False for rule in rules):
        reason = "an app decides here, which is no person's review"
        yield Note(reason, doc.at("custom_deployment_protection_rules"))


def _environment(doc: Document) -> Iterator[Fact]:
    found = address.of(doc)
    named = found.below("environments", "*", "*") if found is not None else None
    if found is not None and found.repository and named:
        key = keys.Environment(keys.repository(found.repository), named[0])
        yield Node(k.ENVIRONMENT, key.text, doc.at(), name=named[0])


def rulesets(doc: Document) -> Iterator[Fact]:
    """Names of rulesets."""
    if sequence(doc.content):
        reason = "what a ruleset asks for only its own record says: rulesets/ID of each"
        yield Note(reason, doc.at())
