-- The anesthesia factor of each locality beside the one that follows from the national factor,
-- the shares of the year and the indices by the payment formula, in which shares stand for RVUs
-- (pfs-rules 3.4); only for years whose shares CMS states.
select concat_ws(' ', mac, locality_number) as record_key, 'anesthesia_conversion_factor' as column_name,
  $factor_of_shares as our_value,
  cast(anesthesia_conversion_factor as decimal(9, 2)) as other_value
from locality
cross join this_release
join anesthesia_share using (calendar_year)
join conversion_factor as national
  on national.program = 'anesthesia'
  and this_release.effective_from between national.effective_from and national.effective_to
join conversion_factor_class as class
  on class.conversion_factor_class = national.conversion_factor_class and class.is_default
where anesthesia_share.evidence = 'P' and gpci_status = 'cms' and anesthesia_conversion_factor is not null
  and national.conversion_factor is not null
