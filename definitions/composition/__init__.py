"""How a definition is put together: fragments, overrides, and the shape they must have."""
