"""What is needed to run the bot elsewhere."""
