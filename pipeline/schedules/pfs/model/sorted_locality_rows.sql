-- The same rows as locality_rows for one release, in the order of their key. A join gives them
-- in an order of its own, and sorting two million rows afterwards takes longer than computing
-- them; unnesting a sorted list under each row keeps the order at no cost.
select
  payable.*,
  unnest(
    (
      select list(
        struct_pack(
          mac := mac::mac_word, locality_number := locality_number::locality_number_word,
          work_gpci := work_gpci, pe_gpci := pe_gpci, mp_gpci := mp_gpci
        )
        order by mac, locality_number
      )
      from locality
    ),
    recursive := true
  )
from (
  select
    * replace (
      release_id::release_id_word as release_id,
      conversion_factor_class::conversion_factor_class_word as conversion_factor_class,
      modifier::modifier_word as modifier,
      status_code::status_code_word as status_code,
      national_price_status::price_status_word as national_price_status
    )
  from $payable_rows
  order by conversion_factor_class, hcpcs_code, modifier
) as payable
