"""Who somebody is to the house, and what they may look at: parties, sessions, links, masks."""
