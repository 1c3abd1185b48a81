"""The frozen model of a definition, one noun a file."""
