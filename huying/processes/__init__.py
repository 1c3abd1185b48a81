"""Process definitions in the house: drafts, the gate, versions, overrides, and what pages show of them."""
