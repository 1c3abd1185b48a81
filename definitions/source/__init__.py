"""YAML as written: the tree with its places, for findings that lead to the line."""
