//! glustop: watch and control GlusterFS rebalance and remove-brick tasks from a terminal.
//!
//! ```text
//! glustop  gl-01  peers 6/6  vols 4  tasks 2     [RW]   live 5s  12:04:31   ui::header
//! X home: brick gl-06:/bricks/h0/home offline                     e all 3   insight::finding
//! 1>VOLUMES 4   TYPE                STATE      UP    USED  USE%   TASK      ui::panes::volumes
//! >! media      Dist-Replicate 3x3  Started   9/9   24.4T   51%   D 37%     a model::VolumeState
//! 2 BRICKS of media              STATE      DISK      USED   FREE   USE%    ui::panes::bricks
//!  v media-replicate-2           DRAINING   leaving   5.2T  10.8T    33%    insight::subvolume
//!    * gl-01:/bricks/m2/media    draining   sdd xfs   5.2T  10.8T    33%    a model::Brick
//! 3 TASKS 2               PROGRESS                   RATE   LEFT FAIL       ui::panes::tasks
//!  * remove-brick media   [#####>........]  37% 114 MiB/s 13h17m   12       insight::progress
//! media: draining media-replicate-2, 3.1 of 8.3 TiB moved                   app::explain
//! Enter status  S stop  ! EMERGENCY  D remove-brick  R rebalance  ? help    config::action
//! ```
//!
//! The rooms in reading order: [`model`] (what a cluster is), [`insight`] (what follows from it),
//! [`config`] (settings and keys), [`gluster`] (the edge to the process) and [`demo`] (what can
//! stand in its place), [`job`] (a change on its way), [`store`] (what outlives the program),
//! [`monitor`] (reads and runs), [`local`] (this node's own files), [`app`] (the state), [`ui`]
//! (the screen), [`batch`] and [`report`] (commands without a screen), [`cli`], [`terminal`] (the
//! loop).
//! ARCHITECTURE.md draws how a reading and a key walk through them.

pub mod app;
pub mod batch;
pub mod cli;
pub mod config;
pub mod demo;
pub mod gluster;
pub mod insight;
pub mod job;
pub mod local;
pub mod model;
pub mod monitor;
pub mod report;
pub mod store;
pub mod terminal;
pub mod ui;
