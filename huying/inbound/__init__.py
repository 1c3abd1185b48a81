"""What comes in beside forms, on whatever channel: kept as it came, shown to whoever decides what becomes of it, and put where it belongs."""
