"""The graph and its answers in Neo4j, for investigators who live there.

Every push is a generation of its own, told apart by ``load``; one pointer on the node
``Snapshot`` says which one counts. Relationships never leave their generation, so a query that
starts at one node of it sees nothing else. Labels and relationship types come from the tables in
``words`` alone, and everything else is sent as a parameter: no name of an input is ever part of a
statement.
"""
