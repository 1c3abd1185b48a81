"""Four eyes: what one person asks for and a second one approves, where the office says so."""
