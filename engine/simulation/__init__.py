"""Simulation: many synthetic issues in an office with people, hours and queues."""
