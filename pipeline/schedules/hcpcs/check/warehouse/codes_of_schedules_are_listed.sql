-- severity: warning
-- Every Level II code of the Physician Fee Schedule and of the laboratory fees is listed in the dictionary of the same days, and has not ended.
-- source: 5,098 of 5,149 Level II codes of RVU25D and all 42 of CLFS25Q4 are in HCPCS25Q4 and had not ended; 51 had ended before October 2025 and still stand in RVU25D
-- payment: of a code that may not be used any more, or not yet.
with used as (
  select release_id, hcpcs_code, effective_from from rvu_in_force
  union
  select release_id, hcpcs_code, release.effective_from from lab_fee join release using (release_id) where release.is_current
)
select
  item_release.release_id,
  format(
    '{} of {} {}', used.hcpcs_code, used.release_id,
    if(item.hcpcs_code is null, 'is not listed', concat('ended on ', item.terminated_on))
  ) as finding
from release as item_release
join used on used.effective_from between item_release.effective_from and item_release.effective_to
left join hcpcs_item as item on item.release_id = item_release.release_id and item.hcpcs_code = used.hcpcs_code
where item_release.schedule = 'hcpcs' and item_release.is_current and not item_release.is_sample
  and regexp_full_match(used.hcpcs_code, '[A-CE-Z][0-9]{4}')
  and (item.hcpcs_code is null or item.terminated_on < used.effective_from)
