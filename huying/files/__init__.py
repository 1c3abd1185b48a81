"""Files of people, one for each year: what the workflows record of their work."""
