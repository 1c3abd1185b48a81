"""Other systems: where they are, how they are called, and who calls them."""
