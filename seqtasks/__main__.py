"""`python -m seqtasks`: the command line without its script."""

from seqtasks.cli import main

main(prog_name="seqtasks")
