"""What a definition is tried with: scenarios, and assumptions for simulation."""
