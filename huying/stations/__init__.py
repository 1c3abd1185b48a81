"""Stations seen as a whole: where one is missing or dormant, whose team is incomplete, what they have, and who is of which industry."""
