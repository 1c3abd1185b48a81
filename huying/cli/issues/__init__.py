"""Commands about issues under way, and their history."""
