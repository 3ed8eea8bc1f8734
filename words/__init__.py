"""Say it: sentences, numbers and dates for one reader, and other people's words made fit to show. Shared by cards and pages."""
