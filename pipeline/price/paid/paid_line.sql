-- What becomes of the allowed amount: first the deductible, of the rest the patient's share, and of what Medicare
-- pays then the sequestration. Every step is rounded half up to cents, and the last part is what is left, so that
-- the parts are the whole to the cent. $columns are those asked for. $paid_notes is the number of the notes on what
-- is paid, which stand behind the others.
with shared as (
  select shared_line.*, $deductible as taken
  from $shared_line as shared_line
  $deductible_join
),
whole as (
  select
    shared.*,
    case when allowed_amount is not null then taken end as deductible_amount,
    -- Medicare pays 85 percent of its part for a therapy assistant, and the deductible is none of it.
    case
      when is_assisted and taken > 0 then taken + $assisted_amount
      else allowed_amount
    end as whole_amount,
    case
      when allowed_amount is null then null
      when is_assisted then amount_before_assistant - taken
      else allowed_amount - taken
    end as shared_amount,
    is_assigned = false and limiting_charge is not null and provider_kind in ('physician', 'other') as is_unassigned
  from shared
),
divided as (
  select whole.*, $coinsurance_amount as coinsurance_amount
  from whole
),
before_sequestration as (
  select divided.*, cast(whole_amount - deductible_amount - coinsurance_amount as decimal(12, 2)) as medicare_part
  from divided
),
sequestered as (
  select before_sequestration.*, $sequestration_amount as sequestration_amount
  from before_sequestration
),
paid as (
  select sequestered.*, cast(medicare_part - sequestration_amount as decimal(12, 2)) as medicare_payment
  from sequestered
),
-- Who does not accept assignment asks the patient for all that may be charged, and Medicare pays the patient.
owed as (
  select
    paid.*,
    cast(case
      when allowed_amount is null then null
      when is_unassigned then greatest(least(compared_charge, limiting_charge) - medicare_payment, cast(0 as decimal(12, 2)))
      else deductible_amount + coinsurance_amount
    end as decimal(12, 2)) as patient_responsibility
  from paid
)
select $columns
from owed
join note_word on note_word.note_number = owed.note_number + $paid_notes
