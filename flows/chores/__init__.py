"""Chores in Prefect: one flow and one loop for all of `huying.chores`, their schedules, and what two of them do on the pages themselves."""
