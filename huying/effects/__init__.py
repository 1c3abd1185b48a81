"""Effects carried out: a file for each kind, all of them one by one or many at once, and what is given up."""
