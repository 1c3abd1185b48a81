"""Mail that comes in: taken by a listener or fetched from a mailbox, kept as it came, read without ever failing, and put where it belongs."""
