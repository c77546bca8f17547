//! Everything a key can do. This one table feeds the keymap, the help, the footer and the
//! configuration file's `[keys]`.

/// Where an action stands in the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Moving about.
    Move,
    /// Looking; never changes the cluster.
    Look,
    /// Changing the cluster, after a dialog.
    Change,
    /// The terminal itself.
    System,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $group:ident, [$($key:literal),*], $label:literal;)*) => {
        /// An action of the main screen and its views.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action {
            $($(#[$doc])* $name,)*
        }

        impl Action {
            /// Every action, in the order of the help.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in the configuration file.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// Where it stands in the help.
            pub fn group(self) -> Group {
                match self { $(Self::$name => Group::$group,)* }
            }

            /// What it does, in the help.
            pub fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }

            /// Its keys unless the configuration says otherwise, the one to show first.
            pub fn default_keys(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($key),*],)* }
            }
        }
    };
}

actions! {
    /// One row up.
    Up = "up", Move, ["Up", "k"], "row up";
    /// One row down.
    Down = "down", Move, ["Down", "j"], "row down";
    /// One page up.
    PageUp = "page-up", Move, ["PgUp"], "page up";
    /// One page down.
    PageDown = "page-down", Move, ["PgDn"], "page down";
    /// To the first row.
    First = "first", Move, ["Home", "g"], "first row";
    /// To the last row.
    Last = "last", Move, ["End", "G"], "last row";
    /// To the next pane.
    NextPane = "next-pane", Move, ["Tab"], "next pane";
    /// To the previous pane.
    PreviousPane = "previous-pane", Move, ["BackTab"], "previous pane";
    /// To the Volumes pane.
    Volumes = "volumes", Move, ["1"], "Volumes pane";
    /// To the Bricks pane.
    Bricks = "bricks", Move, ["2"], "Bricks pane";
    /// To the Tasks pane.
    Tasks = "tasks", Move, ["3"], "Tasks pane";
    /// To the Events pane.
    Events = "events-pane", Move, ["4"], "Events pane";
    /// Folds a sub-volume.
    Fold = "fold", Move, ["Left"], "fold sub-volume";
    /// Unfolds a sub-volume.
    Unfold = "unfold", Move, ["Right"], "unfold sub-volume";
    /// Closes the top layer; never quits.
    Back = "back", Move, ["Esc", "Backspace"], "back, close";
    /// Closes the top layer; quits on the main view.
    Close = "close", Move, ["q", "Ctrl-C"], "close; quit";

    /// Opens the details of the row.
    Open = "open", Look, ["Enter"], "task status, details";
    /// The task's status per node.
    Status = "status", Look, ["t"], "status of this task";
    /// Why files failed, from this node's rebalance log.
    Log = "log", Look, ["l"], "rebalance log";
    /// Events and alarms.
    Alarms = "alarms", Look, ["e"], "events, alarms";
    /// Tasks that ended, in this session and before.
    History = "history", Look, ["a"], "ended tasks too";
    /// The commands that glustop ran.
    Commands = "commands", Look, ["@"], "commands that ran";
    /// Filters the rows of the pane.
    Filter = "filter", Look, ["/"], "filter (Esc clears)";
    /// Orders the rows by the next column.
    Order = "order", Look, ["o"], "order by column";
    /// Gives the pane the whole screen.
    Zoom = "zoom", Look, ["z"], "zoom pane";
    /// Stops and resumes reading.
    Pause = "pause", Look, ["p"], "pause reading";
    /// Reads now.
    Refresh = "refresh", Look, ["r"], "read now";
    /// Reads less often.
    Slower = "slower", Look, ["+"], "read less often";
    /// Reads more often.
    Faster = "faster", Look, ["-"], "read more often";
    /// Copies the row's name or the dialog's command.
    Copy = "copy", Look, ["c"], "copy";
    /// The help.
    Help = "help", Look, ["?", "F1"], "help";

    /// Rebalance.
    Rebalance = "rebalance", Change, ["R"], "rebalance...";
    /// Remove bricks.
    RemoveBricks = "remove-bricks", Change, ["D"], "remove-brick...";
    /// Stop the task.
    Stop = "stop", Change, ["S"], "stop task...";
    /// Finish a remove-brick.
    Finish = "finish", Change, ["C"], "commit / retain...";
    /// Throttle.
    Throttle = "throttle", Change, ["T"], "throttle...";
    /// Marks the row.
    Mark = "mark", Change, ["Space"], "mark row";
    /// Unmarks every row.
    Unmark = "unmark", Change, ["u"], "unmark all";
    /// Emergency stop.
    Emergency = "emergency-stop", Change, ["!"], "EMERGENCY STOP...";

    /// Suspends the program.
    Suspend = "suspend", System, ["Ctrl-Z"], "suspend";
    /// Draws the whole screen again.
    Redraw = "redraw", System, ["Ctrl-L"], "draw again";
}

/// Keys left unbound on purpose, with what to say when they are pressed: habits from other
/// programs must not act, and must not go unanswered either.
pub const UNBOUND: &[(char, &str)] = &[
    ('s', "Stop is S (capital)."),
    ('d', "Remove bricks is D (capital)."),
    ('x', "Stop is S, remove bricks is D (capitals)."),
    ('h', "Help is ?"),
];
