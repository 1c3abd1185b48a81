"""Commands about other systems: those that definitions call, and those that hear of what happens."""
