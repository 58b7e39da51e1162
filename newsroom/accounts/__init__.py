"""Who comes in by the editors' door: roles, the second factor, lockout, sessions."""
