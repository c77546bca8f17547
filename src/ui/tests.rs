//! Screens as text, and the rules that every screen keeps.

mod checks;
mod dialogs;
mod rules;
mod screens;
