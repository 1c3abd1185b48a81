"""Two versions beside each other: what differs, in words and as YAML, and how issues move."""
