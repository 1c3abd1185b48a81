"""The kinds of steps, a file each: its model, what the checks ask of it, its words, and its shape."""
