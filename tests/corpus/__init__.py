"""Nasty inputs, recorded: each is replayed on every run, and where the fuzzing starts from.

``intents/`` holds what people type and what it means, ``door/`` what arrives at the front door and its promised status; a case a
line, what cannot be seen as escapes. A finding of the fuzzing becomes a line here before it is repaired.
"""
