"""Who may do what in one PostgreSQL database, decided from its catalogs.

``catalog`` is what an export says, ``membership`` who has whose rights, ``rights`` who may run
which statement, ``bodies`` what a function's text does, ``effects`` what a permitted statement
does beyond the relation it names.

A membership's options, by the documentation of GRANT (PostgreSQL 16, sql-grant, "GRANT on Roles")
and, before 16, of role membership (PostgreSQL 15, role-membership and sql-createrole):

===========  =====  ======================  ===========  ==================================
INHERIT      SET    ADMIN                   until 15     what the member has
===========  =====  ======================  ===========  ==================================
true         true   false                   INHERIT      the rights at once, and SET ROLE
false        true   false                   NOINHERIT    SET ROLE only
true         false  false                   not there    the rights, but never the role itself
false        false  false                   not there    nothing
any          any    true                    any          may grant itself the role, so all of it
===========  =====  ======================  ===========  ==================================

Until 15 INHERIT is the member's own attribute, SET is always true, and CREATEROLE may grant every
role that is no superuser; from 16 on CREATEROLE reaches only roles it has ADMIN on, and those
show as memberships.
"""
