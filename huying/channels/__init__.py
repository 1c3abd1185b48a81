"""Ways in: checked against what the house has, adopted as immutable versions, offered to whoever may use them, and counted."""
