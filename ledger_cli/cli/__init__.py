"""The command line: options in, pipeline, console, exit code. No command imports another."""
