"""Search over all that one may see: the words of issues as both databases keep them, questions as people type them, and who may find what."""
