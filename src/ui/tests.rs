//! Screens as text, and the rules that every screen keeps.

mod dialogs;
mod permits;
mod rules;
mod screens;
