"""Figure sets: what an office counts and how, as data that its administrators write."""
