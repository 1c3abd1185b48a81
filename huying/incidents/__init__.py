"""Incidents: what failed after all attempts. They are opened in the transaction that gives up, and end when it is put right, or gone on without."""
