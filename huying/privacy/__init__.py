"""What people may ask of a house that holds data about them, and how long it holds what."""
