"""Messages: what an event tells whom, gathered and worded for each recipient."""
