"""What differs between two estates, and which of it explains each verdict that changed.

A *change* is the least that a person could have changed by itself:

- an edge between two nodes with one kind and action that came, went, or says something else now
  (its certainty, condition, gate, needs, dates); all edges that came from one place of the
  documents are one change, and likewise those that went or changed there;
- a node that came or went, the latter with all that lay at it; one property of a node;
- a control that came or went, one field or test of it;
- a gap that came, went, or hides something else;
- one field of a target or of the scope itself; a link, owner, boundary, person or answer of it;
- the day.

An edge or gap that comes brings the nodes it lies between. Places are no part of it: what moved to
another file or line has not changed.

The *cause* of a verdict that changed is a smallest set of changes after which the first estate
has the answer of the second there, as its reader sees it: verdict, soc1, soc2, the letters
outside, exposure, certainty, assertions and the ICFR basis. Answers are not monotone in the
changes, so sets are tried by size, among the changes that can matter there at all.
"""
