"""Shells: what is known of them does not make a toolchain, but a program that is one is known by its bytes."""

MARKS = (b"OPTIND", b"getopts", b"unalias")
"""Words of POSIX (2.14 and 2.5.3) that every shell must know: a program that has all of them is a shell."""
