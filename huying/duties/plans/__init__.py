"""Plans: published as data, taken up when they come round, and carried out once for each day and station."""
