//! glustop's program: arguments to settings to run, and exit codes. Nothing else.

use std::cell::{Cell, RefCell};
use std::fs::OpenOptions;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use color_eyre::eyre::{Result, WrapErr, eyre};
use glustop::app::{self, Model, Session, Source, explain};
use glustop::batch::{self, Batch, Console as _, Request};
use glustop::cli::{self, Cli, CliCommand, Options, Scenario};
use glustop::config::{self, Colors, Config, Loaded, Places};
use glustop::demo::{DemoRunner, Pool};
use glustop::gluster::exec::{self, ProcessRunner};
use glustop::gluster::{Failure, Guarded, Launcher, Permit, Runner};
use glustop::local;
use glustop::monitor::{self, Budget, Clock, Settings};
use glustop::report;
use glustop::terminal::{self, Ended, Setup, Streams};
use jiff::tz::TimeZone;
use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_appender::rolling;

#[path = "main/history.rs"]
mod history;

/// No answer from gluster, or no gluster at all.
const UNKNOWN: u8 = 3;

fn main() -> ExitCode {
    let cli = match cli::parse() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let outcome = color_eyre::install().and_then(|()| start(cli));
    outcome.unwrap_or_else(|report| {
        complain(&format!("{report:#}"));
        ExitCode::from(UNKNOWN)
    })
}

fn start(cli: Cli) -> Result<ExitCode> {
    // Before the configuration is read: this is where to look when it is broken.
    if cli.command == Some(CliCommand::Config) {
        print(config::DEFAULT_FILE)?;
        return Ok(ExitCode::SUCCESS);
    }
    let Loaded { config, .. } = match load_config(&cli.options) {
        Ok(loaded) => loaded,
        Err(error) => {
            complain(&error.to_string());
            return Ok(ExitCode::from(cli::USAGE));
        }
    };
    let _log = start_log(cli.options.log_file.as_deref());
    if let Some(CliCommand::History { volume, json }) = &cli.command {
        return history::print_all(&cli.options, volume.as_ref(), *json);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // Drawing has the main thread, and one more does: each keeps memory of its own.
        .worker_threads(1)
        // The thread that reads the file of each round stays for the next one.
        .thread_keep_alive(Duration::from_secs(60))
        .enable_all()
        .build()?;
    let code = runtime.block_on(async {
        let edge = Edge::new(&cli.options, &config)?;
        match cli.command.and_then(CliCommand::request) {
            Some(request) => alone(edge, &config, &cli.options, request).await,
            None => watch(edge, config, &cli.options).await,
        }
    });
    // A change on its way goes on by itself; nothing here waits for it.
    runtime.shutdown_background();
    code
}

/// Where gluster is, and how it is asked.
struct Edge {
    runner: Arc<dyn Runner>,
    launcher: Launcher,
    settings: Settings,
    clock: Clock,
    source: Source,
    /// Why no question can be answered. A one-shot command learns it from its first question.
    ready: Result<(), Failure>,
    /// Removed when the program ends.
    _private: Option<tempfile::TempDir>,
}

impl Edge {
    fn new(options: &Options, config: &Config) -> Result<Self> {
        let settings = Settings {
            interval: options.interval.unwrap_or(config.interval),
            timeout: options.timeout.unwrap_or(config.timeout),
            budget: Budget {
                a_minute: config.locking_questions,
                share_percent: config.lock_share_percent,
            },
        };
        let mut launcher = Launcher {
            program: options
                .gluster
                .clone()
                .unwrap_or_else(|| "gluster".to_owned()),
            socket: options.glusterd_sock.clone(),
            ssh: options.ssh.clone(),
            state_dir: PathBuf::new(),
            python_helper: config.python_helper,
        };
        // The guard is in front of every runner; nothing is handed out without it.
        let permit = Permit::of(
            options.read_only.unwrap_or(config.read_only),
            options.dry_run,
        );
        if let Some(scenario) = options.demo {
            let runner = DemoRunner::new(pool(scenario)?);
            let pace = runner.pace();
            let settings = Settings {
                interval: options.interval.unwrap_or(DemoRunner::INTERVAL),
                ..settings
            };
            "gluster".clone_into(&mut launcher.program);
            return Ok(Self {
                runner: Arc::new(Guarded::new(Arc::new(runner), permit)),
                launcher,
                settings,
                clock: Clock::start(pace),
                source: Source::Demo { pace },
                ready: Ok(()),
                _private: None,
            });
        }
        let private =
            exec::private_dir().wrap_err("no private directory for gluster's state file")?;
        private.path().clone_into(&mut launcher.state_dir);
        let runner = ProcessRunner::new(&launcher);
        let ready = runner.ready(&launcher);
        let source = match &options.ssh {
            Some(host) => Source::Ssh(host.clone()),
            None => Source::Local(host_name()),
        };
        Ok(Self {
            runner: Arc::new(Guarded::new(Arc::new(runner), permit)),
            launcher,
            settings,
            clock: Clock::start(1),
            source,
            ready,
            _private: Some(private),
        })
    }
}

fn pool(scenario: Scenario) -> Result<Pool> {
    Pool::named(scenario.as_str()).ok_or_else(|| eyre!("no scenario {}", scenario.as_str()))
}

fn host_name() -> String {
    rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned()
}

async fn alone(
    mut edge: Edge,
    config: &Config,
    options: &Options,
    request: Request,
) -> Result<ExitCode> {
    if let Request::Wait(wait) = &request {
        /// A long wait asks seldom; simulated time passes too quickly for that.
        const SELDOM: Duration = Duration::from_secs(30);
        let usual = match edge.source {
            Source::Demo { .. } => edge.settings.interval,
            Source::Local(_) | Source::Ssh(_) => SELDOM,
        };
        edge.settings.interval = wait.every.unwrap_or(usual);
    }
    // Files move on while a disk hangs, so a stop hears of its troubles afterwards.
    let is_stop = matches!(request, Request::Stop { .. });
    let (memory, closing) = history::open(options, edge.clock, is_stop);
    if let Some((trouble, _)) = memory.trouble().filter(|_| !is_stop) {
        complain(&trouble);
    }
    let batch = Batch {
        runner: edge.runner,
        launcher: edge.launcher,
        settings: edge.settings,
        clock: edge.clock,
        source: match edge.source {
            Source::Local(_) => report::Source::Local,
            Source::Ssh(_) => report::Source::Ssh,
            Source::Demo { .. } => report::Source::Demo,
        },
        patience: config.patience,
        thresholds: app::alarms::thresholds(config.alarms),
        host: host_name(),
        jobs: Cell::new(0),
        memory: RefCell::new(Some(memory)),
    };
    let code = batch::run(&batch, &Streams, request).await;
    drop(batch);
    history::close(&closing);
    if let Some((trouble, _)) = closing.trouble().filter(|_| is_stop) {
        complain(&trouble);
    }
    let code = code?;
    Ok(ExitCode::from(code.exit()))
}

async fn watch(edge: Edge, config: Config, options: &Options) -> Result<ExitCode> {
    if !terminal::is_terminal() {
        complain("not a terminal: use glustop status");
        return Ok(ExitCode::from(cli::USAGE));
    }
    edge.ready?;
    let environment = |name: &str| std::env::var(name).ok();
    let look = terminal::look(
        &config,
        options.ascii(),
        options.color.unwrap_or(Colors::Auto),
        environment,
    );
    let session = Session {
        source: edge.source,
        launcher: edge.launcher.clone(),
        permit: edge.runner.permit(),
        patience: config.patience,
        keymap: config.keymap,
        handover: handover(options),
        zone: TimeZone::system(),
        bell: config.bell,
        alarms: config.alarms,
        lock_share_percent: config.lock_share_percent,
    };
    let (memory, closing) = history::open(options, edge.clock, false);
    let model = Model::new(session, edge.settings.interval, edge.clock.now());
    let setup = Setup {
        model,
        look,
        monitor: monitor::start(
            edge.runner,
            edge.launcher,
            edge.settings,
            edge.clock,
            Some(memory),
        ),
        clock: edge.clock,
        log_dir: options
            .gluster_log_dir
            .clone()
            .unwrap_or_else(|| PathBuf::from(local::LOG_DIR)),
        hints: config.hints,
        esc_delay: config.esc_delay,
    };
    let ended = terminal::run(setup).await;
    history::close(&closing);
    match ended? {
        Ended::Quit(model) => {
            let words = explain::farewell(&model);
            if !words.is_empty() {
                print(&words)?;
            }
        }
        Ended::Vanished => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// This program as another process would start it: from another directory, and with an empty
/// environment.
fn handover(options: &Options) -> Vec<String> {
    let here = std::env::current_exe().ok();
    let program = here.map_or_else(|| "glustop".to_owned(), |path| path.display().to_string());
    let whole = |path: &Path| {
        let whole = std::path::absolute(path);
        whole.as_deref().unwrap_or(path).display().to_string()
    };
    // A program without a slash is looked for on PATH.
    let found = |name: &String| {
        if name.contains('/') {
            whole(Path::new(name))
        } else {
            name.clone()
        }
    };
    let pairs = [
        ("--gluster", options.gluster.as_ref().map(found)),
        (
            "--glusterd-sock",
            options
                .glusterd_sock
                .as_ref()
                .map(|path| whole(path.as_ref())),
        ),
        ("--ssh", options.ssh.clone()),
        ("--config", options.config.as_deref().map(whole)),
        ("--state-dir", options.state_dir.as_deref().map(whole)),
    ];
    let given = pairs
        .into_iter()
        .filter_map(|(flag, value)| Some([flag.to_owned(), value?]));
    let words = given.flatten();
    // The demo shows what would run, and never runs it.
    std::iter::once(if options.demo.is_some() {
        "glustop".to_owned()
    } else {
        program
    })
    .chain(words)
    .collect()
}

fn load_config(options: &Options) -> Result<Loaded, config::ConfigError> {
    let places = Places {
        root: rustix::process::geteuid().is_root(),
        user: config::user_file(),
        explicit: options.config.clone(),
    };
    config::load(&places, |path| match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    })
}

/// Begins the log. Without a place to write, the program goes on without one.
fn start_log(file: Option<&Path>) -> Option<WorkerGuard> {
    let (writer, guard) = if let Some(file) = file {
        // Others may write to it and rotate it: nothing is done but to append.
        let log = OpenOptions::new().create(true).append(true).open(file);
        let log = log.map_err(|error| complain(&format!("no log: {}: {error}", file.display())));
        in_background(log.ok()?)
    } else {
        // A file for each day, for a week. What is pruned has this prefix, in our own directory.
        let directory = log_directory()?;
        std::fs::create_dir_all(&directory).ok()?;
        let log = rolling::Builder::new()
            .rotation(rolling::Rotation::DAILY)
            .filename_prefix("glustop")
            .filename_suffix("log")
            .max_log_files(7)
            // The name that does not change: the file of today.
            .latest_symlink("glustop.log")
            .build(directory);
        in_background(log.ok()?)
    };
    tracing_subscriber::fmt()
        .with_writer(writer)
        .with_ansi(false)
        .with_target(false)
        .init();
    Some(guard)
}

/// Writes lines in a thread of its own. The room for those that wait is taken at once: the usual
/// 128,000 would be a third of the program's memory.
fn in_background(log: impl io::Write + Send + 'static) -> (NonBlocking, WorkerGuard) {
    NonBlockingBuilder::default()
        .buffered_lines_limit(4_096)
        .finish(log)
}

fn log_directory() -> Option<PathBuf> {
    use etcetera::base_strategy::{BaseStrategy, choose_base_strategy};
    if rustix::process::geteuid().is_root() {
        return Some(PathBuf::from("/var/log/glustop"));
    }
    let base = choose_base_strategy().ok()?;
    Some(base.state_dir()?.join("glustop"))
}

/// The result goes to standard output. A reader that has left is no failure.
fn print(text: &str) -> io::Result<()> {
    Streams.print(text).map(drop)
}

/// Every message goes to standard error.
fn complain(text: &str) {
    Streams.say(text);
}
