"""The workshop: a definition that is being written, as a form over its text, part by part."""
