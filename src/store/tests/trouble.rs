//! Nothing that is wrong with the disk stops the program, and nothing that is right is thrown away.

use std::collections::BTreeSet;
use std::thread;

use super::*;

fn names(directory: &Path) -> BTreeSet<String> {
    fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn many_writers_share_one_file() {
    let dir = directory();
    thread::scope(|scope| {
        for writer in 0..4 {
            let path = dir.path();
            scope.spawn(move || {
                let mut store = Store::open(path).unwrap();
                for i in 0..20 {
                    keep(&mut store, &drain("shared", 300 + i), 300 + i);
                    keep(&mut store, &drain(&format!("own-{writer}"), 100), 100);
                    store.audit(&command(&format!("s{writer}"), i)).unwrap();
                }
            });
        }
    });
    let store = Store::open(dir.path()).unwrap();
    assert_eq!(store.history(None, 99).unwrap().len(), 5);
    assert_eq!(store.commands(None, 999).unwrap().len(), 80);
    let shared = &store.recall(at(400)).unwrap().tasks[&TaskId::from("shared")].1;
    assert_eq!(shared.total().bytes, Some(319_000));
}

#[test]
fn one_notices_that_another_has_written() {
    let dir = directory();
    let reader = Store::open(dir.path()).unwrap();
    let before = reader.version().unwrap();
    assert_eq!(reader.version().unwrap(), before);
    keep(&mut Store::open(dir.path()).unwrap(), &drain("t", 1), 1);
    assert_ne!(reader.version().unwrap(), before);
}

#[test]
fn a_file_that_is_no_history_is_put_aside_once() {
    let dir = directory();
    let path = dir.path().join(FILE);
    fs::write(
        &path,
        "no database at all, but long enough to have a header",
    )
    .unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    assert_eq!(
        store.moved_aside(),
        Some(&*dir.path().join("history.db.corrupt-1"))
    );
    keep(&mut store, &drain("t", 1), 1);
    assert_eq!(Store::open(dir.path()).unwrap().moved_aside(), None);
    fs::write(&path, "once more, and the first one is not written over").unwrap();
    assert!(Store::open(dir.path()).unwrap().moved_aside().is_some());
    let aside = fs::read_to_string(dir.path().join("history.db.corrupt-1")).unwrap();
    assert!(aside.starts_with("no database"));
    assert!(names(dir.path()).contains("history.db.corrupt-2"));
}

#[test]
fn a_page_that_went_bad_is_found_when_it_is_opened() {
    let dir = directory();
    let mut store = Store::open(dir.path()).unwrap();
    for i in 0..50 {
        keep(&mut store, &drain(&format!("t{i}"), 300), 300);
    }
    drop(store);
    let path = dir.path().join(FILE);
    let mut bytes = fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes[half..half + 8_192].fill(0xA5);
    fs::write(&path, bytes).unwrap();
    let store = Store::open(dir.path()).unwrap();
    assert!(store.moved_aside().is_some());
    assert!(store.history(None, 9).unwrap().is_empty());
}

#[test]
fn several_that_find_it_broken_begin_one_new_file() {
    let dir = directory();
    fs::write(dir.path().join(FILE), "broken ".repeat(100)).unwrap();
    thread::scope(|scope| {
        for writer in 0..6 {
            let path = dir.path();
            scope.spawn(move || {
                let mut store = Store::open(path).unwrap();
                keep(&mut store, &drain(&format!("t{writer}"), 300), 300);
            });
        }
    });
    let store = Store::open(dir.path()).unwrap();
    assert_eq!(store.history(None, 99).unwrap().len(), 6);
    assert!(!names(dir.path()).contains("history.db.corrupt-2"));
}

#[test]
fn a_newer_file_is_left_as_it_is() {
    let dir = directory();
    let store = Store::open(dir.path()).unwrap();
    store.db.pragma_update(None, "user_version", 77).unwrap();
    drop(store);
    let before = fs::read(dir.path().join(FILE)).unwrap();
    let error = Store::open(dir.path()).unwrap_err();
    assert_eq!(error.trouble, Trouble::Newer);
    assert!(error.to_string().contains("version 77"), "{error}");
    let error = Store::open_to_read(dir.path()).unwrap_err();
    assert_eq!(error.trouble, Trouble::Newer);
    assert_eq!(fs::read(dir.path().join(FILE)).unwrap(), before);
}

#[test]
fn a_full_disk_loses_nothing_that_was_written() {
    let dir = directory();
    let mut store = Store::open(dir.path()).unwrap();
    keep(&mut store, &drain("t", 300), 300);
    let pages: i64 = (store.db)
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    let limit = format!("PRAGMA max_page_count = {pages}");
    store.db.query_row(&limit, [], |_| Ok(())).unwrap();
    let error = (0..)
        .find_map(|i| {
            let task = drain(&format!("t{i}"), 300);
            store
                .record(&"media".into(), &task, at(300).wall, None)
                .err()
        })
        .unwrap();
    assert_eq!(error.trouble, Trouble::Full);
    assert!(error.to_string().contains("the disk is full"), "{error}");
    assert!(store.recall(at(301)).unwrap().tasks.contains_key("t"));
    // There is room again.
    let limit = "PRAGMA max_page_count = 100000";
    store.db.query_row(limit, [], |_| Ok(())).unwrap();
    keep(&mut store, &drain("late", 300), 300);
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    // Not even root can make anything there.
    let error = Store::open(Path::new("/proc/self/glustop")).unwrap_err();
    assert_eq!(error.trouble, Trouble::NoAccess);
    assert!(error.to_string().contains("/proc/self/glustop"), "{error}");
    let dir = directory();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    assert_eq!(
        Store::open(&file).unwrap_err().trouble,
        Trouble::NoAccess,
        "a file stands in the place of the directory"
    );
}

#[test]
fn what_may_only_be_read_is_read() {
    let dir = directory();
    assert!(Store::open_to_read(dir.path()).unwrap().is_none());
    assert!(names(dir.path()).is_empty(), "a look leaves nothing behind");
    keep(&mut Store::open(dir.path()).unwrap(), &drain("t", 300), 300);
    let mut store = Store::open_to_read(dir.path()).unwrap().unwrap();
    assert_eq!(store.recall(at(301)).unwrap().tasks.len(), 1);
    let error = store.audit(&command("a", 1)).unwrap_err();
    assert_eq!(error.trouble, Trouble::ReadOnly);
}

#[test]
fn a_lock_that_is_held_is_waited_for_and_then_named() {
    let dir = directory();
    let mut store = Store::open(dir.path()).unwrap();
    store.db.busy_timeout(Duration::from_millis(20)).unwrap();
    let other = Connection::open(dir.path().join(FILE)).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let error = store.audit(&command("a", 1)).unwrap_err();
    assert_eq!(error.trouble, Trouble::Busy);
    other.execute_batch("ROLLBACK").unwrap();
    store.audit(&command("a", 1)).unwrap();
}
