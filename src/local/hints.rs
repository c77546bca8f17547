//! Lines of logs that name a volume worth a look.
//!
//! Told are only things that questions under a lock have to be asked for: bricks, processes,
//! tasks. What definitions say (options, volumes made and deleted) is read without one, every few
//! seconds, and a hint would only add a question.

/// Events after which a volume's bricks, processes or tasks are not what they were. Not among
/// them: `REBALANCE_STATUS_UPDATE_FAILED`, which follows upon a question.
const EVENTS: &[&str] = &[
    "BRICK_",
    "QUORUM_",
    "REBALANCE_START_FAILED",
    "SVC_",
    "VOLUME_ADD_BRICK",
    "VOLUME_REBALANCE_",
    "VOLUME_REMOVE_BRICK_",
    "VOLUME_START",
    "VOLUME_STOP",
];

/// What follows `gluster volume` in commands that change bricks, processes or tasks.
const COMMANDS: &[&str] = &[
    "start",
    "stop",
    "rebalance",
    "add-brick",
    "remove-brick",
    "replace-brick",
    "reset-brick",
];

/// The volume of an event, in a line of `events.log` as glustereventsd writes it: a dictionary in
/// the words of Python. The volume stands under one of three keys, by the event.
pub(super) fn event(line: &str) -> Option<&str> {
    let (_, event) = line.split_once("'event': '")?;
    let (event, message) = event.split_once("', 'message': {")?;
    if !EVENTS.iter().any(|start| event.starts_with(start)) {
        return None;
    }
    let value = |key: &str| message.split_once(key).map(|(_, value)| value);
    let value = value("'volume': '")
        .or_else(|| value("'Volume': '"))
        .or_else(|| value("'name': '"))?;
    value.split_once('\'').map(|(name, _)| name)
}

/// The volume of a command that changed it, in a line of `cmd_history.log`. Not of one that
/// failed: most did for a lock, and there the next question had better come late.
pub(super) fn command(line: &str) -> Option<&str> {
    let (_, told) = line.split_once(']')?;
    let words = told.trim_start().strip_prefix(": ")?;
    let words = words.trim_end().strip_suffix(" : SUCCESS")?;
    let mut words = words.split_whitespace();
    let (first, verb, volume) = (words.next()?, words.next()?, words.next()?);
    // The words stand there as they were typed; gluster takes any beginning that only one has.
    let changes = "volume".starts_with(first)
        && COMMANDS.iter().any(|command| command.starts_with(verb))
        // `reset` is about options.
        && verb != "reset"
        && !words.last().is_some_and(|last| "status".starts_with(last));
    changes.then_some(volume)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As glustereventsd 10.3 wrote it on a test cluster, each event once.
    const EVENTS_LOG: &str = include_str!("../../tests/fixtures/logs/events.log");
    /// As glusterd 10.3 wrote it beside that.
    const CMD_HISTORY: &str = include_str!("../../tests/fixtures/logs/cmd_history.log");

    #[test]
    fn events_of_bricks_processes_and_tasks_name_their_volume() {
        let found = EVENTS_LOG.lines().filter_map(|line| {
            let (_, named) = line.split_once("'event': '").unwrap();
            Some((named.split('\'').next().unwrap(), event(line)?))
        });
        assert_eq!(
            found.collect::<Vec<_>>(),
            [
                ("BRICK_CONNECTED", "media"),
                ("VOLUME_START", "media"),
                ("BRICK_CONNECTED", "scratch"),
                ("VOLUME_START", "scratch"),
                ("BRICK_DISCONNECTED", "media"),
                ("BRICK_REPLACE", "media"),
                ("VOLUME_REMOVE_BRICK_START", "scratch"),
                ("VOLUME_REBALANCE_COMPLETE", "scratch"),
                ("VOLUME_REMOVE_BRICK_STOP", "scratch"),
                ("VOLUME_ADD_BRICK", "scratch"),
                ("VOLUME_REBALANCE_START", "scratch"),
                ("VOLUME_REBALANCE_STOP", "scratch"),
                ("VOLUME_REBALANCE_FAILED", "scratch"),
                ("VOLUME_STOP", "scratch")
            ]
        );
    }

    #[test]
    fn commands_that_changed_a_volume_name_it() {
        let found = CMD_HISTORY.lines().filter_map(|line| {
            let words = line.split_once("]  : ").unwrap().1.split_whitespace();
            let volume = command(line)?;
            let told = words.filter(|word| !word.contains(['/', ':']) && *word != "SUCCESS");
            Some((told.collect::<Vec<_>>().join(" "), volume))
        });
        let found: Vec<_> = found.collect();
        let found: Vec<_> = found
            .iter()
            .map(|(told, volume)| (told.as_str(), *volume))
            .collect();
        assert_eq!(
            found,
            [
                ("vol star media", "media"),
                ("volume start scratch", "scratch"),
                ("volume start media force", "media"),
                ("volume replace-brick media commit force", "media"),
                ("vol remove-brick scratch start", "scratch"),
                ("volume remove-brick scratch stop", "scratch"),
                ("volume add-brick scratch force", "scratch"),
                ("volume reb scratch fix-layout start", "scratch"),
                ("volume rebalance scratch start", "scratch"),
                ("volume rebalance scratch stop", "scratch"),
                ("v stop scratch", "scratch")
            ]
        );
        // Before release 8 the time had no zone.
        let older = "[2017-03-01 09:00:00.000000]  : volume stop media : SUCCESS";
        assert_eq!(command(older), Some("media"));
    }

    #[test]
    fn what_is_no_such_line_is_no_hint() {
        for line in [
            "",
            "]",
            "[",
            "] : ",
            "[x]  : volume",
            "[x]  : volume start : SUCCESS",
            "[x]  : volume start v",
            "[x]  : pool stop v : SUCCESS",
            "'event': 'VOLUME_START', 'message': {",
            "'event': 'VOLUME_START', 'message': {'name': 'v",
            "'event': 'VOLUME_START",
            "VOLUME_START 'volume': 'v'",
        ] {
            assert_eq!((event(line), command(line)), (None, None), "{line}");
        }
    }
}
