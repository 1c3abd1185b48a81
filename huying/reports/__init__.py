"""Reports of a month, quarter or year: frozen when they are prepared, issued by a person, never changed; corrections say what and why."""
