"""The audit log: who did or saw what that somebody must be able to answer for; written, read, handed on and kept by rule."""
