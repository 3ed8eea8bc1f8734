"""What every implementation of a port must do: one suite a port, inherited by the tests of each implementation."""
