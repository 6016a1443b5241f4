-- CMS's fees of a payment file beside ours; CMS prints them before the OPPS cap (pfs-rules 3.2).
select
  release_id, conversion_factor_class,
  concat_ws(' ', hcpcs_code, nullif(modifier, ''), mac, locality_number) as record_key, column_name, our_value, other_value
from (
  select *,
    unnest([
      struct_pack(column_name := 'nonfacility_price', our_value := nonfacility_fee, other_value := nonfacility_price),
      struct_pack(column_name := 'facility_price', our_value := facility_fee, other_value := facility_price)
    ], recursive := true)
  from $amounts
)
