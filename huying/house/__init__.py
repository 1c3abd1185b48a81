"""What every use case has at hand: the house, the processes and calendars in force, kept files."""
