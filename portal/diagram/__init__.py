"""A definition's diagram in one column, laid out and worded."""
