"""Rehearsal: a scenario played on the kernel by a cast, on a virtual clock."""
