"""The chat page, a file for each part: app wires, chat asks, sources shows where answers stand, documents keeps, evaluation measures."""
