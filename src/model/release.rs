//! The release of the gluster program.

use std::fmt;

/// `10.3`, `3.12.15`: compared part by part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    /// First number.
    pub major: u32,
    /// Second number.
    pub minor: u32,
    /// Third number, where the release has one.
    pub patch: Option<u32>,
}

impl Release {
    /// Reads the first line of `gluster --version`, such as `glusterfs 10.3`.
    pub fn parse(line: &str) -> Option<Self> {
        let number = line.trim().strip_prefix("glusterfs ")?;
        let mut parts = number
            .split(|c: char| !c.is_ascii_digit())
            .map(str::parse::<u32>);
        Some(Self {
            major: parts.next()?.ok()?,
            minor: parts.next()?.ok()?,
            patch: parts.next().and_then(Result::ok),
        })
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        self.patch.map_or(Ok(()), |patch| write!(f, ".{patch}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_names_the_release() {
        for (line, shown) in [
            ("glusterfs 10.3", Some("10.3")),
            ("glusterfs 3.12.15", Some("3.12.15")),
            ("glusterfs 11.2\n", Some("11.2")),
            ("glusterfs 12dev", None),
            ("bash: gluster: not found", None),
        ] {
            assert_eq!(
                Release::parse(line).map(|r| r.to_string()).as_deref(),
                shown
            );
        }
    }
}
