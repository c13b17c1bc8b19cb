"""What several commands share: options, scope, outcome and Chinese help."""
