"""The language's reference, made from the model: pages and JSON Schema."""
