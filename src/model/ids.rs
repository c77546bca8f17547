//! Ids as types of their own, so that a volume name cannot be passed where a brick is meant.
//!
//! They hold the text exactly as gluster gave it: it goes back into a command line unchanged.
//! Before it reaches a terminal it passes through [`printable`](super::text::printable).

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }

            /// The text, unchanged.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }
    };
}

text_id!(
    /// The name of a volume, unique in its trusted storage pool.
    VolumeName
);
text_id!(
    /// A brick as gluster writes it: `HOST:/PATH`.
    BrickName
);
text_id!(
    /// The UUID of a peer. Hosts have many names; this is the only one that never changes.
    PeerId
);
text_id!(
    /// The UUID of one run of a rebalance or remove-brick.
    TaskId
);

impl BrickName {
    /// Joins the two halves.
    pub fn from_parts(host: &str, path: &str) -> Self {
        Self::new(format!("{host}:{path}"))
    }

    /// The host half: all before the first `:/`, so that IPv6 addresses stay whole.
    pub fn host(&self) -> &str {
        self.split().0
    }

    /// The path half, from its leading slash; empty when the name has none.
    pub fn path(&self) -> &str {
        self.split().1
    }

    fn split(&self) -> (&str, &str) {
        match self.0.find(":/") {
            Some(at) => {
                let (host, rest) = self.0.split_at(at);
                (host, rest.strip_prefix(':').unwrap_or(rest))
            }
            None => (&self.0, ""),
        }
    }
}

impl PeerId {
    /// The UUID; `None` for a stand-in, made from a name where gluster gave no UUID.
    pub fn uuid(&self) -> Option<&str> {
        let groups = self.0.split('-').map(str::len);
        groups.eq([8, 4, 4, 4, 12]).then_some(&*self.0)
    }
}

impl TaskId {
    /// The first group of the UUID: enough to tell two runs apart on a narrow screen.
    pub fn short(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stand_in_is_no_uuid() {
        let uuid = "f9b3c945-a695-4990-a11e-593e4bdbc1c0";
        assert_eq!(PeerId::new(uuid).uuid(), Some(uuid));
        assert_eq!(PeerId::new("gl-01").uuid(), None);
    }

    #[test]
    fn a_brick_name_splits_at_the_first_colon_slash() {
        for (name, host, path) in [
            ("gl-01:/bricks/m0", "gl-01", "/bricks/m0"),
            ("fe80::1:/b", "fe80::1", "/b"),
            ("h:/odd:name", "h", "/odd:name"),
            ("nonsense", "nonsense", ""),
        ] {
            let brick = BrickName::new(name);
            assert_eq!((brick.host(), brick.path()), (host, path));
        }
    }
}
