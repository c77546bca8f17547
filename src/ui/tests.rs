//! Screens as text, and the rules that every screen keeps.

mod checks;
mod dialogs;
mod endings;
mod history;
mod local;
mod permits;
mod rules;
mod screens;
