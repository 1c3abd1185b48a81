"""The Prefect glue: what staff see of the house, and the loop that carries effects out; no rule of the house is decided here."""
