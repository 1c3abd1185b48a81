"""Commands that try a definition out: simulation, and replay of the history."""
