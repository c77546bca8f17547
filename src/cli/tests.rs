use std::time::Duration;

use clap::ValueEnum as _;

use super::*;
use crate::batch::{Change, Consent, Request, WaitRequest};
use crate::config::Colors;
use crate::gluster::command::RebalanceMode;

fn cli(line: &str) -> Result<Cli, clap::Error> {
    parse_from(line.split_whitespace())
}

fn good(line: &str) -> Cli {
    cli(line).unwrap_or_else(|error| panic!("{line}: {error}"))
}

fn status(line: &str) -> (Vec<String>, bool) {
    match good(line).command {
        Some(CliCommand::Status { volumes, json }) => {
            (volumes.iter().map(ToString::to_string).collect(), json)
        }
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn the_definitions_hold_together() {
    Cli::command().debug_assert();
}

#[test]
fn no_command_is_the_terminal_interface() {
    assert_eq!(good("glustop").command, None);
    assert_eq!(good("glustop --demo").command, None);
    assert_eq!(good("glustop config").command, Some(CliCommand::Config));
}

#[test]
fn status_takes_volumes_and_json() {
    assert_eq!(status("glustop status"), (vec![], false));
    assert_eq!(
        status("glustop status media scratch --json"),
        (vec!["media".into(), "scratch".into()], true)
    );
}

#[test]
fn the_demo_takes_its_scenario_behind_an_equals_sign_only() {
    for (line, scenario, volumes) in [
        ("glustop --demo status", Scenario::Draining, 0),
        ("glustop status --demo", Scenario::Draining, 0),
        ("glustop status --demo media", Scenario::Draining, 1),
        ("glustop --demo=large status", Scenario::Large, 0),
        ("glustop status --demo=runaway media", Scenario::Runaway, 1),
    ] {
        assert_eq!(good(line).options.demo, Some(scenario), "{line}");
        assert_eq!(status(line).0.len(), volumes, "{line}");
    }
    assert_eq!(good("glustop status").options.demo, None);
    assert!(cli("glustop --demo=none").is_err());
}

#[test]
fn scenarios_go_by_one_name() {
    for scenario in Scenario::value_variants() {
        let value = scenario.to_possible_value().unwrap();
        assert_eq!(value.get_name(), scenario.as_str());
    }
}

#[test]
fn options_stand_before_or_after_the_command() {
    for line in [
        "glustop --ssh root@gl-01 --interval 2s --timeout 3m --color never --gluster /opt/g status",
        "glustop status --ssh root@gl-01 --interval 2s --timeout 3m --color never --gluster /opt/g",
        "glustop --ssh=root@gl-01 --color=never status --interval=2s --timeout=180 --gluster=/opt/g",
    ] {
        let options = good(line).options;
        assert_eq!(options.ssh.as_deref(), Some("root@gl-01"), "{line}");
        assert_eq!(options.interval, Some(Duration::from_secs(2)), "{line}");
        assert_eq!(options.timeout, Some(Duration::from_secs(180)), "{line}");
        assert_eq!(options.color, Some(Colors::Never), "{line}");
        assert_eq!(options.gluster.as_deref(), Some("/opt/g"), "{line}");
    }
}

#[test]
fn of_ascii_and_utf8_the_last_one_holds() {
    for (line, ascii) in [
        ("glustop", None),
        ("glustop --ascii", Some(true)),
        ("glustop --utf8", Some(false)),
        ("glustop --ascii --utf8", Some(false)),
        ("glustop --utf8 --ascii", Some(true)),
        ("glustop status --ascii", Some(true)),
    ] {
        assert_eq!(good(line).options.ascii(), ascii, "{line}");
    }
    let from_environment = Options {
        ascii: Some(true),
        ..good("glustop --utf8").options
    };
    assert_eq!(from_environment.ascii(), Some(false), "a flag beats it");
}

#[test]
fn the_demo_cannot_be_somewhere_else() {
    for line in [
        "glustop --demo --ssh gl-01",
        "glustop --demo status --ssh gl-01",
        "glustop --glusterd-sock /run/g.sock status --demo",
    ] {
        let error = cli(line).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ArgumentConflict, "{line}");
        assert_eq!(exit_code(&error), USAGE, "{line}");
    }
}

#[test]
fn every_command_has_examples_and_exit_codes() {
    for word in [
        "status", "plan", "start", "stop", "commit", "retain", "wait",
    ] {
        let help = cli(&format!("glustop {word} --help"))
            .unwrap_err()
            .to_string();
        assert!(help.contains("Examples:\n  glustop"), "{help}");
        assert!(help.contains("Exit codes: 0 "), "{help}");
    }
}

#[test]
fn mistakes_end_in_64_and_help_in_0() {
    for (line, code) in [
        ("glustop --help", 0),
        ("glustop status --help", 0),
        ("glustop --version", 0),
        ("glustop --nonsense", USAGE),
        ("glustop nonsense", USAGE),
        ("glustop --interval soon", USAGE),
        ("glustop --interval 0s", USAGE),
        ("glustop --interval 999ms", USAGE),
        ("glustop --timeout 2h", USAGE),
        ("glustop --color sometimes", USAGE),
        ("glustop --ssh=", USAGE),
        ("glustop config media", USAGE),
    ] {
        assert_eq!(exit_code(&cli(line).unwrap_err()), code, "{line}");
    }
    let message = cli("glustop --interval soon").unwrap_err().to_string();
    assert!(
        message.contains("\"soon\" is not a time: write 500ms"),
        "{message}"
    );
}

fn request(line: &str) -> Request {
    let command = good(line).command;
    command
        .and_then(CliCommand::request)
        .unwrap_or_else(|| panic!("{line}: nothing to do"))
}

#[test]
fn a_rebalance_takes_several_volumes_and_one_mode() {
    for (line, names, mode, yes) in [
        (
            "glustop start rebalance a",
            &["a"][..],
            RebalanceMode::Migrate,
            false,
        ),
        (
            "glustop start rebalance a b -y",
            &["a", "b"],
            RebalanceMode::Migrate,
            true,
        ),
        (
            "glustop start rebalance a --fix-layout",
            &["a"],
            RebalanceMode::FixLayout,
            false,
        ),
        (
            "glustop start rebalance --force --yes a",
            &["a"],
            RebalanceMode::Force,
            true,
        ),
    ] {
        let volumes = names.iter().map(|&name| name.into()).collect();
        assert_eq!(
            request(line),
            Request::Run {
                change: Change::Rebalance { volumes, mode },
                consent: Consent { yes, confirm: None },
                json: false,
            },
            "{line}"
        );
    }
    assert!(cli("glustop start rebalance a --force --fix-layout").is_err());
    assert!(cli("glustop start rebalance").is_err());
}

#[test]
fn bricks_leave_with_their_files_only_when_told_so() {
    let change = |migrate| Change::RemoveBricks {
        volume: "v".into(),
        bricks: vec!["h:/a".into(), "h:/b".into()],
        migrate,
    };
    assert_eq!(
        request("glustop plan remove-brick v h:/a h:/b --json"),
        Request::Plan {
            change: change(true),
            json: true
        }
    );
    assert_eq!(
        request("glustop start remove-brick v h:/a h:/b --no-migrate --confirm v"),
        Request::Run {
            change: change(false),
            consent: Consent {
                yes: false,
                confirm: Some("v".into())
            },
            json: false
        }
    );
    assert!(cli("glustop start remove-brick v").is_err());
    assert!(cli("glustop plan remove-brick v").is_err());
    assert!(cli("glustop plan remove-brick v h:/a --compare").is_err());
    assert_eq!(
        request("glustop plan remove-brick v --compare"),
        Request::Compare {
            volume: "v".into(),
            json: false
        }
    );
}

#[test]
fn a_stop_names_volumes_or_all() {
    let stop = |line: &str| match request(line) {
        Request::Stop { volumes, retry, .. } => (volumes.map(|all| all.len()), retry),
        other => panic!("{line}: {other:?}"),
    };
    assert_eq!(stop("glustop stop a b"), (Some(2), None));
    let ten = Some(Duration::from_secs(600));
    assert_eq!(stop("glustop stop --all --retry 10m"), (None, ten));
    assert!(cli("glustop stop").is_err());
    assert!(cli("glustop stop a --all").is_err());
}

#[test]
fn what_is_final_has_no_yes() {
    assert!(cli("glustop commit v --yes").is_err());
    assert!(cli("glustop retain v --yes").is_ok());
    assert!(cli("glustop commit v --force --confirm v").is_ok());
}

#[test]
fn the_timeout_of_a_wait_is_its_own() {
    let wait = |line: &str| {
        let cli = good(line);
        let deadline = cli.options.timeout;
        match cli.command.and_then(CliCommand::request) {
            Some(Request::Wait(WaitRequest { timeout, every, .. })) => (timeout, every, deadline),
            other => panic!("{line}: {other:?}"),
        }
    };
    let hours = |hours: u64| Duration::from_secs(hours * 3_600);
    assert_eq!(wait("glustop wait v"), (hours(48), None, None));
    assert_eq!(
        wait("glustop wait v --timeout 72h"),
        (hours(72), None, None)
    );
    let minute = Some(Duration::from_secs(60));
    assert_eq!(wait("glustop wait v --every 1m"), (hours(48), minute, None));
    // For other commands it is bounded.
    assert!(cli("glustop status --timeout 72h").is_err());
    assert!(cli("glustop wait v --every 2h").is_err());
}

#[test]
fn the_switches_against_changes() {
    let read_only = |line: &str| good(line).options.read_only;
    assert_eq!(read_only("glustop"), None);
    assert_eq!(read_only("glustop --read-only"), Some(true));
    assert_eq!(read_only("glustop stop v --read-only"), Some(true));
    assert!(good("glustop stop v --dry-run").options.dry_run);
}

#[test]
fn the_help_names_every_environment_variable() {
    let help = cli("glustop --help").unwrap_err().to_string();
    for word in [
        "GLUSTOP_GLUSTER",
        "GLUSTOP_GLUSTERD_SOCK",
        "GLUSTOP_SSH",
        "GLUSTOP_INTERVAL",
        "GLUSTOP_TIMEOUT",
        "GLUSTOP_READ_ONLY",
        "GLUSTOP_ASCII",
        "GLUSTOP_CONFIG",
        "GLUSTOP_STATE_DIR",
        "GLUSTOP_LOG",
        "Examples:",
    ] {
        assert!(help.contains(word), "{word}:\n{help}");
    }
}

#[test]
fn an_empty_environment_variable_is_none() {
    let variable = |name: &OsStr| match name.to_str()? {
        "GLUSTOP_SSH" | "GLUSTOP_ASCII" => Some(OsString::new()),
        "GLUSTOP_CONFIG" => Some("c.toml".into()),
        _ => None,
    };
    let command = without_empty(Cli::command(), variable);
    let named: Vec<_> = command
        .get_arguments()
        .filter_map(|arg| arg.get_env()?.to_str())
        .collect();
    assert_eq!(
        named,
        [
            "GLUSTOP_GLUSTER",
            "GLUSTOP_GLUSTERD_SOCK",
            "GLUSTOP_INTERVAL",
            "GLUSTOP_TIMEOUT",
            "GLUSTOP_READ_ONLY",
            "GLUSTOP_CONFIG",
            "GLUSTOP_GLUSTER_LOG_DIR",
            "GLUSTOP_STATE_DIR",
            "GLUSTOP_LOG"
        ]
    );
}
