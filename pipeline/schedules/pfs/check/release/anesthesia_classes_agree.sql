-- severity: error
-- Where ANES has a factor for each class, that of those who qualify is the higher one, by the same ratio in every locality.
-- source: pfs-rules 4 (20.4976 and 20.5998 in 2026) and 10.1, the head of ANES2026; each locality's factor is the national one times the same indices.
-- payment: anesthesia. Columns that are exchanged, or shifted by a row, break it; both values are rounded to cents.
with ratio as (
  select median(qp_anesthesia_conversion_factor / anesthesia_conversion_factor) as ratio
  from stage.anes where qp_anesthesia_conversion_factor is not null
)
select 'anes' as file_kind, source_line,
  format('{}-{} has the anesthesia factor {}, and {} for those who qualify, where it is {:.4f} times as much elsewhere',
    mac, locality_number, anesthesia_conversion_factor::varchar, qp_anesthesia_conversion_factor::varchar, ratio) as finding
from stage.anes cross join ratio
where qp_anesthesia_conversion_factor < anesthesia_conversion_factor
  or abs(qp_anesthesia_conversion_factor - anesthesia_conversion_factor * ratio) > 0.02
