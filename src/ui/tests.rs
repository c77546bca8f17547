//! Screens as text, and the rules that every screen keeps.

mod dialogs;
mod endings;
mod rules;
mod screens;
