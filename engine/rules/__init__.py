"""The rules by subject: what each event leads to."""
