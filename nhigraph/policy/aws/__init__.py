"""What AWS lets a principal do: policies in, an answer with its reason out.

Pure: no document, no graph. ``decide`` says YES, POSSIBLE (with what it depends on) or NO (with
the layer or statement that blocks); what was not supplied is never a NO.
"""

from nhigraph.policy.aws.authority import Authority, Layer
from nhigraph.policy.aws.decision import Decision, decide
from nhigraph.policy.aws.principals import Principal, Sort
from nhigraph.policy.aws.request import Request
from nhigraph.policy.aws.statements import Policy, Statement, read_policy

__all__ = [
    "Authority",
    "Decision",
    "Layer",
    "Policy",
    "Principal",
    "Request",
    "Sort",
    "Statement",
    "decide",
    "read_policy",
]
