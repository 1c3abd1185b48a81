"""Commands about recurring duties: their plans."""
