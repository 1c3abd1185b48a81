"""The workbench of the staff: lists with the columns, order and narrowing that somebody chose, their figures, and what people keep at hand."""
