"""The closures on Apache Spark, for what is too large for one machine: the same sets.

An extra (``nhigraph[spark]``): nothing else imports pyspark. ``joins`` closes the clauses by joins
of DataFrames, ``blocks`` hands the whole product to every executor and blocks of lanes to each.
"""
