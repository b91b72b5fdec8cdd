//! Pages that are followed step by step: each file is written as it stands, each command is run as it is typed, and what a
//! page shows is what is printed.

mod add_an_app;
mod from_the_tutorials;
mod page;
