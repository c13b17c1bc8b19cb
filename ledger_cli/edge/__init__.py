"""All that touches the world: disk, git, terminal and other programs."""
