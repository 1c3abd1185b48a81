"""What every page stands in: reader, door, submission, protection, errors."""
