//! Settings file, environment, profiles, key sources. Floor 2: imports floors 0 and 1.
