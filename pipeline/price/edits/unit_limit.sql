-- The limits of units of the codes that occur, by release. Equipment is billed by suppliers, whose
-- limits are another table; what practitioners may bill of it (nothing) is no limit of theirs.
with supplied as (
  select distinct hcpcs_code from dme_fee where hcpcs_code in (select hcpcs_code from used_code)
),
used_release as (
  select unit_release_id as release_id, 'practitioner' as setting from edit_day
  union
  select supplier_release_id, 'dme_supplier' from edit_day
)
select mue.release_id, mue.hcpcs_code, mue.units as most_units, mue.adjudication_indicator
from mue
join used_release on used_release.release_id = mue.release_id
join used_code on used_code.hcpcs_code = mue.hcpcs_code
left join supplied on supplied.hcpcs_code = mue.hcpcs_code
where used_release.setting = case when supplied.hcpcs_code is null then 'practitioner' else 'dme_supplier' end
