-- severity: error from 2020
-- Every code of OPPSCAP is a row of the release with the same status.
select 'oppscap' as file_kind, min(oppscap.source_line) as source_line,
  format('{} {} with status {} is no row of PPRRVU', hcpcs_code, modifier, status_code) as finding
from stage.oppscap as oppscap
anti join stage.pprrvu using (hcpcs_code, modifier, status_code)
group by hcpcs_code, modifier, status_code
