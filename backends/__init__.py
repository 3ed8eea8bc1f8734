"""Connect: PostgreSQL, Dataverse, Work 365. Everything here implements a port or feeds the mirror."""
