//! Screens as text, and the rules that every screen keeps.

mod ages;
mod checks;
mod dialogs;
mod endings;
mod history;
mod local;
mod permits;
mod rules;
mod screens;
