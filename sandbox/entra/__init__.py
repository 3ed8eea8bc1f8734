"""A stand-in for Microsoft Entra ID: sign-in pages, tokens and their errors, at the same paths and in the same words."""
