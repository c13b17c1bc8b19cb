"""What the texts of sound answers say: the W codes, opinions that an office may switch off."""
