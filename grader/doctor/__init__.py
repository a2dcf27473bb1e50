"""Whether this machine can grade: probes that look and change nothing, each with a deadline."""
