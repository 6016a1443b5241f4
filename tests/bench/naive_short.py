"""The shortest script: six columns, DuckDB's default Parquet, no check."""

import sys

import duckdb

pprrvu, gpci, target = sys.argv[1:]
names = [f"c{i}" for i in range(31)]
duckdb.execute(f"""
  copy (
    select r.c0 as hcpcs_code, r.c1 as modifier, g.c0 as mac, g.c2 as locality_number,
      round((r.c5::double * g.c4::double + r.c6::double * g.c5::double + r.c10::double * g.c6::double) * r.c24::double, 2) as nonfacility_fee,
      round((r.c5::double * g.c4::double + r.c8::double * g.c5::double + r.c10::double * g.c6::double) * r.c24::double, 2) as facility_fee
    from read_csv('{pprrvu}', skip = 10, header = false, all_varchar = true, names = {names}, null_padding = true) as r,
      read_csv('{gpci}', skip = 3, header = false, all_varchar = true, names = {names[:7]}, null_padding = true) as g
    where r.c3 is not null and g.c4 is not null
  ) to '{target}' (format parquet)
""")
