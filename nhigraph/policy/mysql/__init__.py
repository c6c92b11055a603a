"""MySQL and MariaDB: what accounts may do, decided from one server's grant tables.

``hosts`` and ``schemas`` say which rows of the grant tables count, ``access`` what they add up to,
``bodies`` and ``effects`` what a statement does beyond the relation it names, ``powers`` what the
rights amount to that are about the server itself.

Sources: https://dev.mysql.com/doc/refman/8.4/en/access-control.html and
https://mariadb.com/kb/en/grant/, read 28 November 2026; whatever MariaDB decides was tried on
10.11.19 (``tests/mysql``), where the manuals leave it open.
"""
