//! What was done, on disk. Floor 3: imports floors 0 to 2.
