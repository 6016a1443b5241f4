-- severity: error above 10% from 2020
-- Every locality of OPPSCAP is one of the release; CMS lists six localities of MAC 01182 under 01112 as well.
-- source: pfs-rules 3.2
-- payment: none. CMS repeats stale files; an OPPSCAP of mostly other localities proves nothing and is left unread.
select 'oppscap' as file_kind, oppscap.source_line,
  format('locality {}-{} is none of the release', oppscap.mac, oppscap.locality_number) as finding
from stage.oppscap as oppscap
left join locality using (mac, locality_number)
left join locality as crosswalk
  on oppscap.mac = '01112' and crosswalk.mac = '01182' and crosswalk.locality_number = oppscap.locality_number
where locality.mac is null and crosswalk.mac is null
