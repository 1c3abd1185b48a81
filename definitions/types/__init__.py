"""The types of expressions, found without running them."""
