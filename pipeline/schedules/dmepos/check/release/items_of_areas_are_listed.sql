-- severity: warning
-- The schedule or that of nutrition lists every item of former bidding areas, but for those with modifier KG.
-- source: DMEPOS25Q1: 606 of 614 items; the other 8 have KG, and so have 3 of nutrition
-- payment: outside of the areas the item has no fee.
select 'dme_cba' as file_kind, min(area.source_line) as source_line,
  trim(format('{}', concat_ws('-', hcpcs_code, nullif(modifier, ''), nullif(modifier2, '')))) || ' has fees in former bidding areas and is not listed' as finding
from stage.dme_cba as area
anti join (
  select hcpcs_code, modifier, modifier2 from stage.dmepos
  union all
  select hcpcs_code, modifier, modifier2 from stage.dme_pen
) as item using (hcpcs_code, modifier, modifier2)
where 'KG' not in (modifier, modifier2, modifier3)
group by hcpcs_code, modifier, modifier2
