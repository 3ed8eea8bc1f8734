"""Local stand-ins for Microsoft's clouds and Work 365: real HTTP, really signed tokens, demo data. Never imported by the product."""
