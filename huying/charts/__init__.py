"""A definition as a chart: its shapes and lines, where they stand in the lanes of the stages, and how they are drawn or exchanged."""
