-- The anesthesia factor of each locality beside the one that follows from the national factor,
-- the shares of the year and the indices (pfs-rules 3.4); only for years whose shares CMS states.
select concat_ws(' ', mac, locality_number) as record_key, 'anesthesia_conversion_factor' as column_name,
  cast(round(
    national.conversion_factor * cast(work_share * work_gpci + pe_share * pe_gpci + mp_share * mp_gpci as decimal(10, 6)), 2
  ) as decimal(9, 2)) as our_value,
  cast(anesthesia_conversion_factor as decimal(9, 2)) as other_value
from locality
cross join this_release
join anesthesia_share using (calendar_year)
join conversion_factor as national
  on national.program = 'anesthesia' and national.conversion_factor_class in ('all', 'nonqp')
  and this_release.effective_from between national.effective_from and national.effective_to
where anesthesia_share.evidence = 'P' and gpci_status = 'cms' and anesthesia_conversion_factor is not null
  and national.conversion_factor is not null
