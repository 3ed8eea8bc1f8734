"""What the commands do, and how the parts are introduced to each other."""
