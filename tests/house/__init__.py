"""House rules: what this project asks of its own text where no other tool does. ``make check`` runs them."""
