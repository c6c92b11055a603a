"""Cuts of an estate: what to take away so that nobody reaches a target, and what all ways pass.

What can be taken away is a right, a membership, a trust or a credential (``kinds.REMOVABLE``);
how data flow and what holds what stays. One change is one place of the documents: a line that
gives several rights, such as an owner's, goes with all of them.
"""
