"""Figures as drawings, made on the server: bars beside, upon and under each other, and a line, for pages and for paper."""
