"""Forms: fields asked and checked, conditions between them, their schema."""
