//! Trees of ordinary files. What only gluster's own attributes can tell is tested on the real
//! cluster.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;
use crate::insight::leftovers::Verdict;

const NEVER: &dyn Fn(u64) -> Option<Cut> = &|_| None;

/// A brick with these files; a name that ends in a slash is a directory.
fn brick(names: &[&str]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for name in [".glusterfs/00/11/own"].iter().chain(names) {
        let path = dir.path().join(name);
        if name.ends_with('/') {
            fs::create_dir_all(path).unwrap();
        } else {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "content").unwrap();
        }
    }
    dir
}

fn look(dir: &tempfile::TempDir, is_over: &dyn Fn(u64) -> Option<Cut>) -> Count {
    count(dir.path().to_str().unwrap(), is_over).unwrap()
}

#[test]
fn directories_and_what_gluster_keeps_for_itself_are_not_left_over() {
    let dir = brick(&["a/b/c/", "d/", ".glusterfs-anonymous-inode-1/x"]);
    let count = look(&dir, NEVER);
    assert_eq!(count, Count::default());
    assert_eq!(count.verdict(), Verdict::Empty);
}

#[test]
fn files_are_counted_with_their_directories() {
    let dir = brick(&["top", "a/1", "a/2", "a/b/3", "a/.glusterfs/4"]);
    let count = look(&dir, NEVER);
    assert_eq!((count.files, count.bytes, count.unread), (5, 35, 0));
    assert_eq!(count.directories[0], ("/a".into(), 2));
    assert_eq!(count.directories.len(), 4, "{:?}", count.directories);
    let mut examples = count.examples.clone();
    examples.sort();
    assert_eq!(
        examples,
        ["/a/.glusterfs/4", "/a/1", "/a/2", "/a/b/3", "/top"]
    );
}

#[test]
fn links_are_counted_and_never_followed() {
    let outside = brick(&["secret"]);
    let dir = brick(&[]);
    symlink(outside.path(), dir.path().join("way-out")).unwrap();
    symlink("nowhere", dir.path().join("dangling")).unwrap();
    let count = look(&dir, NEVER);
    assert_eq!((count.files, count.specials), (0, 2));
    assert_eq!(count.verdict(), Verdict::Left);
}

/// Mode and size alone make no link file: a file that a migration broke off looks the same.
#[test]
fn a_sticky_empty_file_without_the_attribute_is_left_over() {
    let dir = brick(&["t", "full"]);
    for (name, content) in [("t", ""), ("full", "x")] {
        let path = dir.path().join(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(STICKY)).unwrap();
    }
    let count = look(&dir, NEVER);
    let told = (count.files, count.link_files, count.unread);
    if rustix::process::geteuid().is_root() {
        assert_eq!(told, (2, 0, 0));
    } else {
        assert_eq!(told, (1, 0, 1), "only root can tell");
    }
}

#[test]
fn a_limit_leaves_at_least_what_was_found() {
    let names: Vec<String> = (0..100).map(|n| format!("d/{n:03}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let dir = brick(&names);
    let count = look(&dir, &|entries| (entries >= 50).then_some(Cut::Entries));
    assert_eq!(count.cut, Some(Cut::Entries));
    assert!(count.files > 0 && count.files < 100, "{}", count.files);
    assert_eq!(count.examples.len(), EXAMPLES);
    assert_eq!(count.directories, [("/d".to_owned(), count.files)]);
    let none = look(&dir, &|_| Some(Cut::Cancelled));
    assert_eq!((none.files, none.verdict()), (0, Verdict::Unknown));
}

#[test]
fn an_empty_mount_point_is_no_empty_brick() {
    let dir = tempfile::tempdir().unwrap();
    let kind = |path: &str| count(path, NEVER).unwrap_err().kind;
    let path = dir.path().to_str().unwrap();
    assert_eq!(kind(path), UnreadableKind::NotABrick);
    assert_eq!(kind(&format!("{path}/none")), UnreadableKind::Missing);
    fs::write(dir.path().join("file"), "").unwrap();
    assert_eq!(kind(&format!("{path}/file")), UnreadableKind::NotUsable);
}

#[test]
fn a_name_of_any_bytes_and_any_depth_is_found() {
    use std::os::unix::ffi::OsStrExt;
    let deep = vec!["deep-directory-name"; 300].join("/");
    let dir = brick(&[]);
    // Deeper than a path may be long.
    let mut at = rustix::fs::open(dir.path(), DIRECTORY, Mode::empty()).unwrap();
    for name in deep.split('/') {
        rustix::fs::mkdirat(&at, name, Mode::RWXU).unwrap();
        at = rustix::fs::openat(&at, name, DIRECTORY, Mode::empty()).unwrap();
    }
    let name = std::ffi::OsStr::from_bytes(b"odd\n\xff");
    let flags = OFlags::CREATE | OFlags::WRONLY;
    rustix::fs::openat(&at, name, flags, Mode::RUSR).unwrap();
    let count = look(&dir, NEVER);
    assert_eq!((count.files, count.unread), (1, 0));
    // The temporary directory's own cleaning is less patient.
    rustix::fs::unlinkat(&at, name, AtFlags::empty()).unwrap();
}
