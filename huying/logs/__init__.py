"""History as event logs that others read: XES and OCEL."""
