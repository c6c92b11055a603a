"""The columnar store: merge, identity resolution, snapshot, to and from networkx."""
