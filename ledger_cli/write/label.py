"""The labels that a report prints beside a long text to say again which task and unit it belongs to."""

MARK = "（续）"
"""What every such label begins with; no cell of a task or a unit holds another line that does."""

LABEL_FIELD = "续"
"""The field of a row and of an answer that prints what they continue, behind the task or the unit."""
