"""What other issues have taken already: numbers given, sums over them, resources booked; the port, its stand-in in memory, and the questions."""
