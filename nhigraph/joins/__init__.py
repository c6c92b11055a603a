"""What several documents say together: ends of one, answered by another, on one merged graph.

``passes`` has the order. Each pass is one relation, with a ``JOIN`` that says which ends it takes,
and what an end without an answer hides:

* ``same``: databases of one server share their roles;
* ``schema_usage``: a grant that a project makes needs USAGE where an export shows the schema;
* ``profile_login``: what jobs run, and by which profile, options or variables it connects;
* ``login``: the secret that opens an account, or that somebody is in it without one;
* ``work``: what a run computes, as far as whom it logs in as may write it;
* ``custody``: secrets under every name they are handed on by, and jobs by what runs under them;
* ``trust``: whom a job becomes elsewhere by its own token;
* ``guards``: rules and defaults that stand before what jobs do;
* ``unanswered``: what was needed and not supplied.

No room here names a vendor: what a program, a client, a server or a provider does is in
``policy``.
"""
