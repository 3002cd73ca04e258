"""Says what checksums must say about zen-of-python.txt in parts of 256 bytes, with Python's standard library."""

import hashlib
import json
import zlib
from pathlib import Path

text = Path(__file__).with_name("zen-of-python.txt").read_bytes()
parts = [(at // 256 + 1, at, text[at : at + 256]) for at in range(0, len(text), 256)]
for part, start, piece in [*parts, (0, 0, text)]:
    sums = {
        "part": part,
        "from": start,
        "bytes": len(piece),
        "crc32": f"{zlib.crc32(piece):08x}",
        "sha256": hashlib.sha256(piece).hexdigest(),
    }
    print(json.dumps(sums, separators=(",", ":")))
