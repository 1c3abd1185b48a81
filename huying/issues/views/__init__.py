"""The read side: what pages and the API show, one small query each.

Each view gives frozen dataclasses in the reader's language, and decides what this reader may see. Nothing here changes anything.
"""
