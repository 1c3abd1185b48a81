"""Residents across the ways on which they come: who is one person with whom, because they said so or an officer joined them."""
