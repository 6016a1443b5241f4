-- The setting of each place of service, and the kind of hospital that it is in.
select place_of_service, setting, setting = 'facility' as is_facility, hospital
from place_of_service
