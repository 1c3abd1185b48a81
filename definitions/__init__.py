"""The definition language: a frozen model, a safe loader, checks, calendars and forms; ``library/`` holds what is shipped.

It knows what can be said, and nothing of issues under way, people, databases or the clock.
"""
