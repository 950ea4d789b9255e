//! Asks an Identity API: transport, endpoints, pager. Floor 3: imports floors 0 to 2.
