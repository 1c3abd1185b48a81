"""An issue as staff see it in Prefect: its run, card and lines, projected and rebuilt."""
