-- severity: error
-- Addendum FF has exactly the codes of Addendum AA, each with the same payment indicator and mark.
-- source: ASC25Q1: 4,183 of 4,183
-- payment: of devices, if the offsets are those of another quarter or of other rows.
select 'asc_ff' as file_kind, ff.source_line,
  format(
    '{} has {} in Addendum FF and {} in Addendum AA',
    hcpcs_code, coalesce(ff.payment_indicator || ff.asc_flag, 'no row'), coalesce(aa.payment_indicator || aa.asc_flag, 'no row')
  ) as finding
from stage.asc_ff as ff
full join stage.asc_aa as aa using (hcpcs_code)
where (ff.payment_indicator, ff.asc_flag) is distinct from (aa.payment_indicator, aa.asc_flag)
  and exists (from stage.asc_ff)
