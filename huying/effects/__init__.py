"""Effects carried out: each by its carrier, one by one or many in one transaction, and what is given up."""
