"""Migration: a running issue moved to another version, proposed and checked."""
