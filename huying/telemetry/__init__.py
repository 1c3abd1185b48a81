"""How the house is watched from outside: figures, traces, lines of log, signs of life. None of it knows anything private, or decides anything."""
