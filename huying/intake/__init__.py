"""The intake desk: a resident at the counter or on the telephone, entered by whoever takes what they say."""
