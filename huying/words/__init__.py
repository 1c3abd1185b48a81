"""Words for what the house shows: moments, terms, limits, stages, values, in Chinese and English."""
