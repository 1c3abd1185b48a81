"""The register: areas, stations, departments, people, and what is read from it."""
