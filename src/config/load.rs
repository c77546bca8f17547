//! Which configuration files count, and in which order they are read.
//!
//! Only the order is decided here; how a file is read is the caller's business.

use std::io;
use std::path::{Path, PathBuf};

use etcetera::base_strategy::{BaseStrategy, choose_base_strategy};

use super::{Config, ConfigError};

/// The configuration of the whole node, read when root runs the program.
pub const SYSTEM_FILE: &str = "/etc/glustop/config.toml";

/// Where configuration may come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// Root runs the program: the system's file is read first.
    pub root: bool,
    /// The user's own file, which need not exist.
    pub user: Option<PathBuf>,
    /// The file named by `--config`: stands for the user's, and must exist.
    pub explicit: Option<PathBuf>,
}

/// The settings, and the files they came from in the order of reading.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// All settings.
    pub config: Config,
    /// The files that exist, each read over the one before.
    pub files: Vec<PathBuf>,
}

/// `$XDG_CONFIG_HOME/glustop/config.toml`; `None` for a user without a home.
pub fn user_file() -> Option<PathBuf> {
    let base = choose_base_strategy().ok()?;
    Some(base.config_dir().join("glustop").join("config.toml"))
}

/// Reads the files over the defaults, later ones over earlier ones. `read` gives a file's text,
/// and `None` for a file that does not exist.
pub fn load(
    places: &Places,
    read: impl Fn(&Path) -> io::Result<Option<String>>,
) -> Result<Loaded, ConfigError> {
    let system = places.root.then(|| Path::new(SYSTEM_FILE));
    let own = places.explicit.as_deref().or(places.user.as_deref());
    let mut loaded = Loaded {
        config: Config::default(),
        files: Vec::new(),
    };
    for file in [system, own].into_iter().flatten() {
        let name = file.display().to_string();
        let error = |message: String| ConfigError {
            file: name.clone(),
            message,
        };
        match read(file).map_err(|cause| error(cause.to_string()))? {
            Some(text) => {
                loaded.config = loaded.config.read(&name, &text)?;
                loaded.files.push(file.to_owned());
            }
            None if places.explicit.as_deref() == Some(file) => {
                return Err(error("there is no such file".to_owned()));
            }
            None => {}
        }
    }
    Ok(loaded)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{Action, Key};
    use super::*;

    const SYSTEM: (&str, &str) = (
        SYSTEM_FILE,
        "[ui]\nbell = false\n[poll]\ninterval = \"9s\"\n[keys]\nstop = [\"K\"]\n",
    );
    const USER: (&str, &str) = (
        "/home/a/glustop/config.toml",
        "[poll]\ninterval = \"2s\"\n[keys]\nhelp = [\"H\"]\n",
    );

    fn places(root: bool, explicit: Option<&str>) -> Places {
        Places {
            root,
            user: Some(PathBuf::from(USER.0)),
            explicit: explicit.map(PathBuf::from),
        }
    }

    fn load_from(places: &Places, disk: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
        load(places, |path| {
            Ok(disk
                .iter()
                .find(|(name, _)| Path::new(name) == path)
                .map(|(_, text)| (*text).to_owned()))
        })
    }

    fn names(loaded: &Loaded) -> Vec<&str> {
        loaded.files.iter().filter_map(|f| f.to_str()).collect()
    }

    #[test]
    fn root_reads_the_systems_file_first_and_then_its_own() {
        let loaded = load_from(&places(true, None), &[SYSTEM, USER]).unwrap();
        assert_eq!(names(&loaded), [SYSTEM.0, USER.0]);
        assert_eq!(loaded.config.interval, Duration::from_secs(2));
        assert!(!loaded.config.bell, "the system's word stands");
        assert_eq!(loaded.config.keymap.shown(Action::Stop), "K");
        assert_eq!(
            loaded.config.keymap.action(Key::char('H')),
            Some(Action::Help)
        );
    }

    #[test]
    fn others_read_their_own_file_only() {
        let loaded = load_from(&places(false, None), &[SYSTEM, USER]).unwrap();
        assert_eq!(names(&loaded), [USER.0]);
        assert!(loaded.config.bell);
    }

    #[test]
    fn without_files_the_defaults_hold() {
        let loaded = load_from(&places(true, None), &[]).unwrap();
        assert_eq!((loaded.config, loaded.files), (Config::default(), vec![]));
    }

    #[test]
    fn a_named_file_replaces_the_users_and_must_exist() {
        let named = ("here.toml", "[poll]\ntimeout = \"1m\"\n");
        let asked = places(true, Some("here.toml"));
        let loaded = load_from(&asked, &[SYSTEM, USER, named]).unwrap();
        assert_eq!(names(&loaded), [SYSTEM.0, "here.toml"]);
        assert_eq!(loaded.config.timeout, Duration::from_secs(60));
        assert_eq!(
            load_from(&asked, &[SYSTEM, USER]).unwrap_err().to_string(),
            "here.toml: there is no such file"
        );
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let denied = load(&places(false, None), |_| {
            Err(io::Error::from(io::ErrorKind::PermissionDenied))
        });
        assert_eq!(
            denied.unwrap_err().to_string(),
            format!("{}: permission denied", USER.0)
        );
    }
}
