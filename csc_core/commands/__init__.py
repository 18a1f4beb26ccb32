"""The commands of the command line, a file for each group; `csc_core.__main__` puts them together."""
