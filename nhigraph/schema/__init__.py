"""What can be said: node kinds, edge kinds, the automaton, control identifiers."""
