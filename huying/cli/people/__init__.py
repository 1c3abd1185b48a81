"""Commands about people and their accounts."""
