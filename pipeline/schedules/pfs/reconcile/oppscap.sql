-- CMS's amounts of OPPSCAP beside ours: the payment of a code under the cap, the ceiling of a
-- carrier-priced one. CMS lists six localities of MAC 01182 under 01112 as well (pfs-rules 3.2).
select concat_ws(' ', hcpcs_code, nullif(modifier, ''), cms_mac, cms_locality) as record_key, column_name, our_value, other_value
from (
  select *,
    unnest([
      struct_pack(column_name := 'nonfacility_price', our_value := coalesce(nonfacility_payment, opps_ceiling_nonfacility), other_value := nonfacility_price),
      struct_pack(column_name := 'facility_price', our_value := coalesce(facility_payment, opps_ceiling_facility), other_value := facility_price)
    ], recursive := true)
  from $amounts
)
