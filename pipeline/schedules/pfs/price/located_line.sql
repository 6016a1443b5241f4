-- Each line with everything that its price follows from: its kind, its locality, and what an edit says of it.
-- Every line has a kind, for the kinds are those of the lines. Every other join is a left join, so that what is missing
-- leaves a gap for the gates to name and never loses a line.
-- Nine digits count where the ZIP5 file leaves it to them, or the ZIP9 file is of the same quarter: an older one knows
-- nothing better than the ZIP5 file of the day.
select
  line.*, kind.*,
  named.place_number as named_place_number,
  zip5.place_number as zip_place_number, zip5.zip4_decides,
  zip9.place_number as zip9_place_number,
  service_day.is_zip_file_of_another_time or zip9.place_number is not null and service_day.is_zip9_file_of_another_time
    as is_zip_file_of_another_time,
  place.mac as place_mac, place.locality_number as place_locality_number, place.locality_name,
  place.work_gpci, place.pe_gpci, place.mp_gpci,
  case when line.is_apm_qualified then place.qp_anesthesia_conversion_factor else place.anesthesia_conversion_factor end
    as anesthesia_conversion_factor,
  case when line.is_apm_qualified then place.qp_conversion_factor else place.conversion_factor end
    as conversion_factor,
  edited.edit_gate, edited.denied_by as edited_by
from $lines as line
left join service_day on service_day.service_day = line.date_of_service
join line_kind as kind
  on kind.kind_day = coalesce(service_day.class_day, $no_day) and kind.kind_code = line.hcpcs_code
  and kind.kind_modifier_1 = line.modifier_1 and kind.kind_modifier_2 = line.modifier_2
  and kind.kind_modifier_3 = line.modifier_3 and kind.kind_modifier_4 = line.modifier_4
  and kind.kind_units = coalesce(line.units, -1) and kind.kind_place = line.place_of_service
  and kind.kind_provider = line.provider_kind and kind.kind_participating = line.is_participating
  and kind.kind_apm = line.is_apm_qualified
left join place_number as named
  on named.mac = line.service_mac and named.locality_number = line.service_locality_number
left join zip_place as zip5
  on zip5.zip_code = line.zip_code and zip5.effective_from = service_day.zip_file_from
left join zip9_place as zip9
  on zip9.zip_code = line.zip_code and zip9.plus_four = line.plus_four
  and zip9.effective_from = service_day.zip9_file_from
  and (zip5.zip_code is null or zip5.zip4_decides or zip9.effective_from = zip5.effective_from)
left join price_place as place
  on place.period_number = service_day.period_number
  and place.place_number = case
    when line.service_mac <> '' then named.place_number
    else coalesce(zip9.place_number, zip5.place_number)
  end
left join edited_line as edited on edited.line_id = line.line_id
