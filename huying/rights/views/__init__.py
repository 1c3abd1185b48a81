"""Rights as pages show them: of a person, of a place, of an action; grants that end soon, and accounts that nobody uses."""
