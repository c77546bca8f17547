//! The runner against real processes: a shell script stands where gluster stands.
#![allow(
    missing_docs,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that dies says where"
)]

#[path = "fake_gluster/fake.rs"]
mod fake;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fake::Fake;
use glustop::gluster::{
    Answer, Command, Failure, Guarded, Launcher, Permit, ProcessRunner, Reply, Runner as _, parse,
    private_dir,
};
use glustop::model::FaultKind;

/// Long enough for a busy machine; no test waits for it to pass.
const LONG: Duration = Duration::from_secs(60);

/// Names that a shell, a terminal or an option parser would like to have a word with.
const HOSTILE: [&str; 8] = [
    "two  words",
    "a'b\"c",
    "$(touch /tmp/oops) `id` $HOME",
    "line\nbreak",
    "-rf",
    "--mode=interactive",
    "back\\slash;&|<>*?[x]{a,b}~#!",
    "日本 \u{1b}[31m",
];

async fn run(launcher: &Launcher, command: Command, deadline: Duration) -> Result<Answer, Failure> {
    let order = launcher.order(command);
    ProcessRunner::new(launcher).run(&order, deadline).await
}

fn question() -> Command {
    Command::VolumeList
}

fn change() -> Command {
    Command::RebalanceStop("media".into())
}

async fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < LONG, "gave up waiting until {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Starts a child, notes both ids, and never ends.
const NEVER_ENDS: &str =
    "sleep 1000 & echo $! >\"$0.child\"; echo $$ >\"$0.self\"; echo all >\"$0.runs\"; wait";

#[tokio::test]
async fn words_arrive_as_they_are() {
    for name in HOSTILE {
        let fake = Fake::new("");
        fake.run(Command::RebalanceStop(name.into()), LONG)
            .await
            .unwrap();
        assert_eq!(
            fake.words(),
            [
                "--mode=script",
                "--xml",
                "volume",
                "rebalance",
                name,
                "stop"
            ]
        );
    }
}

#[tokio::test]
async fn what_is_not_permitted_spawns_nothing() {
    for permit in [Permit::ReadOnly, Permit::DryRun] {
        let fake = Fake::new("");
        let launcher = fake.launcher();
        let guarded = Guarded::new(Arc::new(ProcessRunner::new(&launcher)), permit);
        let order = launcher.order(change());
        let failure = guarded.run(&order, LONG).await.unwrap_err();
        assert_eq!(failure.kind, FaultKind::Refused);
        assert!(!fake.path("words").exists(), "{permit:?}: it was started");
        let order = launcher.order(question());
        guarded.run(&order, LONG).await.unwrap();
        assert!(fake.path("words").exists(), "questions are asked");
    }
}

#[tokio::test]
async fn nothing_comes_in_and_everything_comes_out() {
    let fake = Fake::new("printf %s \"$LC_ALL\"; cat; printf noise >&2; exit 22");
    let answer = fake.run(question(), LONG).await.unwrap();
    assert_eq!(
        (answer.stdout, answer.stderr),
        (b"C".to_vec(), b"noise".to_vec())
    );
    assert_eq!(answer.exit, Some(22));

    let fake = Fake::new("kill -9 $$");
    let answer = fake.run(question(), LONG).await.unwrap();
    assert_eq!(answer.exit, None);
    assert_eq!(
        parse(&question(), &answer).unwrap_err().kind,
        FaultKind::Spawn
    );
}

/// Prints what it was told to use for Python.
const TELLS_PYTHON: &str = "printf %s \"$PYTHON\"";

#[tokio::test]
async fn questions_start_no_python_and_changes_run_as_they_are_shown() {
    let fake = Fake::new(TELLS_PYTHON);
    let answer = fake.run(question(), LONG).await.unwrap();
    assert_eq!(answer.stdout, b"/bin/echo");
    let answer = fake.run(change(), LONG).await.unwrap();
    let inherited = std::env::var("PYTHON").unwrap_or_default();
    assert_eq!(answer.stdout, inherited.as_bytes());
}

#[tokio::test]
async fn two_flooded_pipes_do_not_block_each_other() {
    let fake = Fake::new(
        "head -c 3000000 /dev/zero >&2; head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2",
    );
    let answer = fake.run(question(), LONG).await.unwrap();
    assert_eq!(
        (answer.stdout.len(), answer.stderr.len()),
        (3_000_000, 6_000_000)
    );
}

#[tokio::test]
async fn a_late_question_is_killed_with_all_its_children() {
    let mut deadline = Duration::from_millis(50);
    // A busy machine may need longer until the program has noted its ids.
    let fake = loop {
        let fake = Fake::new(NEVER_ENDS);
        let failure = fake.run(question(), deadline).await.unwrap_err();
        assert_eq!(failure.kind, FaultKind::Timeout);
        if fake.runs() {
            break fake;
        }
        deadline *= 2;
    };
    until("both are dead", || fake.is_dead()).await;
}

#[tokio::test]
async fn a_question_that_nobody_waits_for_is_killed() {
    let fake = Fake::new(NEVER_ENDS);
    tokio::select! {
        outcome = fake.run(question(), LONG) => panic!("{outcome:?}"),
        () = until("it runs", || fake.runs()) => {}
    }
    until("both are dead", || fake.is_dead()).await;
}

/// Waits to be told, prints more than a pipe holds, and notes that it came to its end.
const GOES_ON: &str = "echo all >\"$0.runs\"; until [ -e \"$0.go\" ]; do sleep 0.01; done; head -c 300000 /dev/zero; echo >\"$0.done\"";

#[tokio::test]
async fn a_change_that_nobody_waits_for_goes_on() {
    let fake = Fake::new(GOES_ON);
    tokio::select! {
        outcome = fake.run(change(), LONG) => panic!("{outcome:?}"),
        () = until("it runs", || fake.runs()) => {}
    }
    fs::write(fake.path("go"), "").unwrap();
    until("it is done", || fake.path("done").exists()).await;
}

#[tokio::test]
async fn a_late_change_goes_on() {
    let fake = Fake::new(GOES_ON);
    let failure = fake
        .run(change(), Duration::from_millis(20))
        .await
        .unwrap_err();
    assert_eq!(failure.kind, FaultKind::Timeout);
    assert!(failure.message.contains("goes on"), "{failure}");
    fs::write(fake.path("go"), "").unwrap();
    until("it is done", || fake.path("done").exists()).await;
}

#[tokio::test]
async fn too_large_an_answer_is_refused_and_only_a_change_may_end() {
    let fake = Fake::new("yes");
    let failure = fake.run(question(), LONG).await.unwrap_err();
    assert_eq!(failure.kind, FaultKind::BadOutput);
    assert_eq!(failure.message, "The answer is larger than 64 MiB.");

    let fake = Fake::new("head -c 68000000 /dev/zero; echo >\"$0.done\"");
    let failure = fake.run(change(), LONG).await.unwrap_err();
    assert_eq!(failure.kind, FaultKind::BadOutput);
    assert!(fake.path("done").exists());

    let fake =
        Fake::new("while [ $# -gt 4 ]; do shift; done; head -c 68000000 /dev/zero >\"$2/$4\"");
    let failure = fake.run(Command::State, LONG).await.unwrap_err();
    assert_eq!(failure.kind, FaultKind::BadOutput);
}

#[tokio::test]
async fn a_missing_or_forbidden_program_is_told_apart() {
    let fake = Fake::new("");
    let missing = Launcher {
        program: "/nonexistent/gluster".into(),
        ..fake.launcher()
    };
    let failure = run(&missing, question(), LONG).await.unwrap_err();
    assert_eq!(failure.kind, FaultKind::NotFound);
    assert!(
        failure.message.contains("/nonexistent/gluster"),
        "{failure}"
    );

    let plain = fake.path("behaviour").to_str().unwrap().to_owned();
    let forbidden = Launcher {
        program: plain,
        ..fake.launcher()
    };
    let failure = run(&forbidden, question(), LONG).await.unwrap_err();
    assert_eq!(failure.kind, FaultKind::Permission);
}

/// Behaves as `get-state` does: the words are `... odir DIR file NAME`.
const DUMPS_STATE: &str = "while [ $# -gt 4 ]; do shift; done
printf '[Global]\\nMYUUID: 9a930667-ed60-45ce-849a-f3f2592b5881\\n[Misc]\\n' >\"$2/$4\"
echo \"glusterd state dumped to $2/$4\"";

fn is_state(answer: &Answer) -> bool {
    match parse(&Command::State, answer).map(|parsed| parsed.reply) {
        Ok(Reply::State(report)) => report.local.is_some(),
        _ => false,
    }
}

#[tokio::test]
async fn the_state_file_is_read_and_removed() {
    let fake = Fake::new(DUMPS_STATE);
    let answer = fake.run(Command::State, LONG).await.unwrap();
    assert!(is_state(&answer));
    assert!(!fake.dir.path().join("state").exists());
}

#[tokio::test]
async fn an_old_state_file_is_never_taken_for_an_answer() {
    let fake = Fake::new("echo 'glusterd state dumped to elsewhere'");
    fs::write(
        fake.dir.path().join("state"),
        "[Global]\nMYUUID: 1\n[Misc]\n",
    )
    .unwrap();
    let answer = fake.run(Command::State, LONG).await.unwrap();
    assert_eq!(
        parse(&Command::State, &answer).unwrap_err().kind,
        FaultKind::BadOutput
    );

    let fake = Fake::new(
        "echo 'Connection failed. Please check if gluster daemon is operational.'; exit 1",
    );
    let answer = fake.run(Command::State, LONG).await.unwrap();
    assert_eq!(
        parse(&Command::State, &answer).unwrap_err().kind,
        FaultKind::DaemonDown
    );
}

#[test]
fn the_private_directory_is_private() {
    let dir = private_dir().unwrap();
    let mode = fs::metadata(dir.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

/// A process cannot change the PATH that it looks programs up in, so this test starts itself
/// again with a directory on PATH that holds a fake ssh.
#[tokio::test]
async fn ssh_carries_every_word_across() {
    const AGAIN: &str = "GLUSTOP_TEST_FAKE_SSH";
    if std::env::var_os(AGAIN).is_some() {
        return through_ssh().await;
    }
    let ssh = Fake {
        dir: private_dir().unwrap(),
        name: "ssh",
    };
    // `ssh -o BatchMode=yes -- HOST LINE`: HOST says what happens, LINE goes to a shell.
    ssh.install("case $4 in lost) echo 'Warning: x' >&2; echo 'ssh: no route' >&2; exit 255 ;; esac; exec sh -c \"$5\"");
    let path = format!(
        "{}:{}",
        ssh.dir.path().display(),
        std::env::var("PATH").unwrap()
    );
    let again = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "ssh_carries_every_word_across", "--nocapture"])
        .env(AGAIN, "1")
        .env("PATH", path)
        .output()
        .await
        .unwrap();
    assert!(
        again.status.success(),
        "{}",
        String::from_utf8_lossy(&again.stderr)
    );
}

async fn through_ssh() {
    let there = |fake: &Fake, host: &str| Launcher {
        ssh: Some(host.into()),
        ..fake.launcher()
    };
    for name in HOSTILE {
        let fake = Fake::new("");
        let launcher = there(&fake, "gl-01");
        run(&launcher, Command::RebalanceStop(name.into()), LONG)
            .await
            .unwrap();
        assert_eq!(
            fake.words(),
            [
                "--mode=script",
                "--xml",
                "volume",
                "rebalance",
                name,
                "stop"
            ]
        );
    }

    let fake = Fake::new(TELLS_PYTHON);
    let answer = run(&there(&fake, "gl-01"), question(), LONG).await.unwrap();
    assert_eq!(answer.stdout, b"/bin/echo");

    let fake = Fake::new(DUMPS_STATE);
    let answer = run(&there(&fake, "gl-01"), Command::State, LONG)
        .await
        .unwrap();
    assert!(is_state(&answer), "{answer:?}");

    let failure = run(&there(&fake, "lost"), question(), LONG)
        .await
        .unwrap_err();
    assert_eq!(failure.kind, FaultKind::Spawn);
    assert_eq!(failure.message, "ssh failed: ssh: no route");

    let absent = Launcher {
        program: "/nonexistent/gluster".into(),
        ..there(&fake, "gl-01")
    };
    let failure = run(&absent, question(), LONG).await.unwrap_err();
    assert_eq!(failure.kind, FaultKind::NotFound, "{failure}");

    // Release 6.10 exits with 255 as well, when it may not write its log.
    let fake =
        Fake::new("echo 'ERROR: failed to open logfile /x (Permission denied)' >&2; exit 255");
    let answer = run(&there(&fake, "gl-01"), question(), LONG).await.unwrap();
    assert_eq!(
        parse(&question(), &answer).unwrap_err().kind,
        FaultKind::Permission
    );
}
