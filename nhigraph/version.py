"""The versions, where everything may read them."""

__version__ = "0.1.0"
#: Version of the rules that make verdicts: how many versions changed a verdict on the same input,
#: as the changelog counts them. Reports of different ones are no comparison of what was read.
RULE_SET = "1"
