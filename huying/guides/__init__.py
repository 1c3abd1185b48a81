"""The guides that people read in the product: the files of docs, in the reader's language, by role, and searched."""
