-- severity: error above 10% from 2020
-- Every code of OPPSCAP is a row of the release with the same status.
-- payment: none. CMS repeats stale files; an OPPSCAP of mostly other codes proves nothing and is left unread.
select 'oppscap' as file_kind, source_line,
  format('{} {} with status {} is no row of PPRRVU', hcpcs_code, modifier, status_code) as finding
from stage.oppscap
anti join stage.pprrvu using (hcpcs_code, modifier, status_code)
