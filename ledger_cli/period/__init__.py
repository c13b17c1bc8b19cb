"""Starting a period from the last one, and its answers following an edited catalog."""
