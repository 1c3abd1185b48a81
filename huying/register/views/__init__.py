"""The register as its pages show it: stations by area, one station, people, one person, and the log."""
