"""Evidence: whatever proves something is sealed with a key soon after it was written, and signed every day; what was changed since is found."""
