"""The namespaces of Office files, each as it stands before a name in lxml: W + "p" is a paragraph of Word's."""

WORDML = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{WORDML}}}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VML = "{urn:schemas-microsoft-com:vml}"
