-- severity: error
-- Addendum AA has the codes of Addendum FF: where more than 5% are missing and FF has nearly all of its own, AA was cut short.
-- source: ASC25Q1: none of 4,183 is missing. So many new codes come in no quarter; a few are those of an FF that is older or newer, and its fault.
-- payment: of every code that is missing, which would be said not to be covered.
with code as (
  select hcpcs_code, ff.source_line is null as is_aa_only, aa.source_line is null as is_ff_only
  from stage.asc_ff as ff
  full join stage.asc_aa as aa using (hcpcs_code)
)
select 'asc_aa' as file_kind, null as source_line,
  format('{:,} of the {:,} codes of Addendum FF are missing here ({} is the first), and Addendum FF has the codes that are here: Addendum AA was cut short',
    count(*) filter (is_ff_only), count(*) filter (not is_aa_only), min(hcpcs_code) filter (is_ff_only)) as finding
from code
-- An addendum of another quarter has other codes, and is left unread for that.
where not exists (
  from stage.asc_quarter as named, this_release
  where named.file_kind = 'asc_ff'
    and (named.year, named.quarter) <> (year(this_release.effective_from), quarter(this_release.effective_from))
)
having count(*) filter (is_ff_only) > 0.05 * count(*) filter (not is_aa_only)
  and count(*) filter (is_aa_only) <= 0.05 * count(*) filter (not is_ff_only)
