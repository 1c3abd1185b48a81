"""Deadlines: calendars, working time, terms, recurrence and rotas, as functions."""
