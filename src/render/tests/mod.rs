//! What readers see, as pictures; and that nothing is lost, hidden or believed on the way.

mod applied;
mod hostile;
mod plan_file;
mod reading;
