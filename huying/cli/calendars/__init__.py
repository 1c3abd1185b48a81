"""Commands about calendars, and deadlines reckoned by them."""
