"""Values as they are written: equality, units, dates, literals, notation."""
