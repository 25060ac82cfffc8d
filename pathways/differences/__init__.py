"""Two versions of a pathway side by side: what was added, what is gone, what became stricter or moved."""
