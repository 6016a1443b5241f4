"""What somebody writes in an hour: the same rows and columns, in DOUBLE, without any check."""

import sys

import duckdb

pprrvu, gpci, target = sys.argv[1:]
con = duckdb.connect()
names = [f"c{i}" for i in range(31)]
con.execute(f"""
  create table rvu as
  select
    c0 as hcpcs_code, coalesce(c1, '') as modifier, c3 as status_code,
    c5::double as work, c6::double as nf_pe, c7 is not null as nf_na, c8::double as f_pe, c9 is not null as f_na,
    c10::double as mp, c24::double as cf, c28::double as nf_opps, c29::double as f_opps, c30::double as mp_opps
  from read_csv('{pprrvu}', skip = 10, header = false, all_varchar = true, names = {names}, null_padding = true)
  where c3 is not null
""")
con.execute(f"""
  create table locality as
  select lpad(c0, 5, '0') as mac, lpad(c2, 2, '0') as locality_number,
    c4::double as gw, c5::double as gpe, c6::double as gmp
  from read_csv('{gpci}', skip = 3, header = false, all_varchar = true, names = {names[:7]}, null_padding = true)
  where c4 is not null
""")
con.execute(f"""
  copy (
    with amount as (
      select *,
        status_code in ('A', 'R', 'T') and work + nf_pe + f_pe + mp > 0 as priced,
        work + nf_pe + f_pe + mp > 0 as has_rvu,
        round((work * gw + nf_pe * gpe + mp * gmp) * cf, 2) as nf,
        round((work * gw + f_pe * gpe + mp * gmp) * cf, 2) as f,
        case when nf_opps + mp_opps > 0 then round((work * gw + nf_opps * gpe + mp_opps * gmp) * cf, 2) end as nf_o,
        case when f_opps + mp_opps > 0 then round((work * gw + f_opps * gpe + mp_opps * gmp) * cf, 2) end as f_o
      from rvu, locality
    )
    select
      'RVU25D' as release_id, 'all' as conversion_factor_class, true as is_default_class,
      hcpcs_code, modifier, mac, locality_number, status_code,
      case when priced then 'priced' when status_code in ('C', 'R') then 'carrier_priced'
        when status_code in ('B', 'P') then 'bundled' when status_code = 'J' then 'anesthesia' when status_code in ('E', 'X') then 'other_benefit'
        when status_code = 'I' then 'use_another_code' when status_code = 'M' then 'reporting_only' else 'not_covered' end as price_status,
      nf_na as nonfacility_na, f_na as facility_na,
      case when priced then nf end as nonfacility_fee,
      case when priced then f end as facility_fee,
      case when priced then least(nf, nf_o) end as nonfacility_payment,
      case when priced then least(f, f_o) end as facility_payment,
      coalesce(priced and (nf_o < nf or f_o < f), false) as opps_cap_applies,
      case when priced then round(least(nf, nf_o) * 1.0925, 2) end as nonfacility_limiting_charge,
      case when priced then round(least(f, f_o) * 1.0925, 2) end as facility_limiting_charge,
      case when not priced and has_rvu then nf end as reference_nonfacility_amount,
      case when not priced and has_rvu then f end as reference_facility_amount,
      case when status_code = 'C' then nf_o end as opps_ceiling_nonfacility,
      case when status_code = 'C' then f_o end as opps_ceiling_facility
    from amount
  ) to '{target}' (format parquet, compression zstd)
""")
