"""Identify: tokens verified, people signed in with Entra, and the one place where an account is granted."""
