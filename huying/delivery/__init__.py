"""Messages on their way out: who takes them, through which transport, and what became of them."""
