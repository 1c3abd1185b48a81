"""What runs a house on a machine: the supervisor, its parts and what each of them is made of."""
