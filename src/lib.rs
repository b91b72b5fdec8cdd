//! rolecall: access as code.
