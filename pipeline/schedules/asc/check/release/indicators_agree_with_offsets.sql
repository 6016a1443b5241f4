-- severity: error above 0.2%
-- Addenda AA and FF give a code the same payment indicator and mark: where many differ, the codes of one of them are those of other rows, and nothing tells of which.
-- source: ASC25Q1: 4,183 of 4,183
-- payment: all of it, if the codes of Addendum AA stand beside other rates.
select 'asc_aa' as file_kind, aa.source_line,
  format('{} has payment indicator {} here and {} in Addendum FF', hcpcs_code, aa.payment_indicator || aa.asc_flag, ff.payment_indicator || ff.asc_flag) as finding
from stage.asc_aa as aa
join stage.asc_ff as ff using (hcpcs_code)
cross join this_release
where (aa.payment_indicator, aa.asc_flag) <> (ff.payment_indicator, ff.asc_flag)
  -- An addendum of another quarter may have others, and is left unread for that.
  and not exists (
    from stage.asc_quarter as named
    where named.file_kind = 'asc_ff'
      and (named.year, named.quarter) <> (year(this_release.effective_from), quarter(this_release.effective_from))
  )
