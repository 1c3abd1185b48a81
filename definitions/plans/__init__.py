"""Plans as data: what comes round, when, and what it opens, reminds of or announces."""
