"""The versions, where everything may read them."""

__version__ = "0.1.0"
#: Version of the rules that make verdicts; a change of verdict on the same input changes it.
RULE_SET = "1"
