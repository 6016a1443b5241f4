-- What a release says first of rows of site_row: whatever has its own number as its state.
unpivot (
  select
    place, number,
    if(value_state = number, value_hash, null) as value,
    if(indicator_state = number, indicator_hash, null) as indicator,
    if(payment_state = number, payment_hash, null) as payment,
    if(description_state = number, wording_hash, null) as wording
  from site_state
)
on value, indicator, payment, wording
into name kind value hash
