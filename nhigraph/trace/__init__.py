"""Graph times automaton: closures, witness paths."""
