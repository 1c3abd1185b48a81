"""The outbox: effects that wait to be carried out, claimed under a lease."""
