//! glustop's program: arguments to settings to run.

fn main() {}
