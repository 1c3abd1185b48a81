"""Assessment: points of people and stations, reckoned from their files by tables that were adopted, and kept with all that went in."""
