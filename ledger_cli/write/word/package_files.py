"""The files within a Word document by name, taken out and put in again with nothing of the clock in them."""

import zipfile
from collections.abc import Collection, Mapping
from io import BytesIO

BODY, CORE = "word/document.xml", "docProps/core.xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def unpacked(data: bytes, names: Collection[str] = ()) -> dict[str, bytes]:
    """All files of a package, or those of some names; raises ``BadZipFile`` and, for a name it lacks, ``KeyError``."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {name: package.read(name) for name in names or package.namelist()}


def packed(files: Mapping[str, bytes]) -> bytes:
    """The package of some files, the same bytes for the same files."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
