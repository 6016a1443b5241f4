"""Read a published export safely: resolve it once, check every file, then use it.

python examples/read_exports.py [warehouse/exports]
"""

import hashlib
import json
import sys
from pathlib import Path

import polars as pl

# A refresh moves the link "current"; the folder that it led to stays whole for two more builds.
exports = Path(sys.argv[1] if len(sys.argv) > 1 else "warehouse/exports")
folder = (exports / "current").resolve(strict=True)
manifest = json.loads((folder / "manifest.json").read_text())
for entry in manifest["files"]:
    if hashlib.sha256((folder / entry["path"]).read_bytes()).hexdigest() != entry["sha256"]:
        sys.exit(f"{entry['path']} is not the file that the manifest lists; read nothing of it")

latest = {one["schedule"]: one["release_id"] for one in manifest["releases"] if one["is_latest"]}
release = latest["pfs"]
payments = pl.read_parquet(folder / "payment_national" / f"{release}.parquet")
priced = payments.filter(pl.col("is_default_class") & (pl.col("price_status") == "priced"))
print(f"{len(manifest['files'])} files of build {manifest['build_id']} are whole; {release}:")
for row in priced.sort("nonfacility_payment", descending=True).head(5).iter_rows(named=True):
    print(f"{row['hcpcs_code']} {row['modifier']:2} {row['nonfacility_payment']:>10} US dollars")
