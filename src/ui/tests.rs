//! Screens as text, and the rules that every screen keeps.

mod dialogs;
mod history;
mod local;
mod permits;
mod rules;
mod screens;
