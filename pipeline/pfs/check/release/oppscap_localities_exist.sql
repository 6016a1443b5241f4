-- severity: error from 2020
-- Every locality of OPPSCAP is one of the release; CMS lists six localities of MAC 01182 under 01112 as well.
-- source: PFS_RULES 3.2
select 'oppscap' as file_kind, min(oppscap.source_line) as source_line,
  format('locality {}-{} is none of the release', oppscap.mac, oppscap.locality_number) as finding
from stage.oppscap as oppscap
left join locality using (mac, locality_number)
left join locality as crosswalk
  on oppscap.mac = '01112' and crosswalk.mac = '01182' and crosswalk.locality_number = oppscap.locality_number
where locality.mac is null and crosswalk.mac is null
group by oppscap.mac, oppscap.locality_number
