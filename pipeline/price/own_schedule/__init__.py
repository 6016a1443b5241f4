"""Lines that the Physician Fee Schedule does not pay, priced by the schedule that pays them."""
