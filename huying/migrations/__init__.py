"""Moving running issues to another version of their definition: proposed, checked, carried out in batches, taken back."""
