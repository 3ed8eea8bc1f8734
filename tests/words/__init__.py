"""Words, numbers and dates: what a reader sees."""
