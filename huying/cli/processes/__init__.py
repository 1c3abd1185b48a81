"""Commands about processes: their definitions, versions and overrides."""
