"""PostgreSQL: the embedded server, pools and migrations, and the stores behind the ports."""
