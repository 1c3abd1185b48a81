"""Who may do what in the house, where, and why: from where people serve, and from what they were granted; no third source."""
