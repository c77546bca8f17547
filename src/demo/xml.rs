//! Writes XML the way the gluster command does: two spaces of indent, line feeds, one text per
//! line, `<tag/>` for an empty element.

use std::fmt::{Display, Write};

/// An element tree being written, from a given depth on.
#[derive(Debug)]
pub(super) struct Xml {
    out: String,
    depth: usize,
}

impl Xml {
    /// Starts inside `cliOutput`, where every payload stands.
    pub(super) fn payload() -> Self {
        Self {
            out: String::new(),
            depth: 1,
        }
    }

    pub(super) fn into_text(self) -> String {
        self.out
    }

    /// An element with children.
    pub(super) fn element(&mut self, tag: &str, children: impl FnOnce(&mut Self)) {
        self.element_with(tag, "", children);
    }

    /// An element with one attribute and children; `attribute` is `name="value"` with a leading blank.
    pub(super) fn element_with(
        &mut self,
        tag: &str,
        attribute: &str,
        children: impl FnOnce(&mut Self),
    ) {
        self.indent();
        self.push(format_args!("<{tag}{attribute}>\n"));
        let inside = self.out.len();
        self.depth += 1;
        children(self);
        self.depth -= 1;
        if self.out.len() == inside {
            self.out.truncate(inside - ">\n".len());
            self.out.push_str("/>\n");
        } else {
            self.indent();
            self.push(format_args!("</{tag}>\n"));
        }
    }

    /// An element that holds only text.
    pub(super) fn leaf(&mut self, tag: &str, value: impl Display) {
        self.indent();
        let start = self.out.len();
        self.push(format_args!("<{tag}>"));
        let inside = self.out.len();
        self.text(value);
        if self.out.len() == inside {
            self.out.truncate(start);
            self.push(format_args!("<{tag}/>\n"));
        } else {
            self.push(format_args!("</{tag}>\n"));
        }
    }

    /// A line whose markup the caller writes: for gluster's one element of mixed content.
    pub(super) fn line(&mut self, write: impl FnOnce(&mut Self)) {
        self.indent();
        write(self);
        self.out.push('\n');
    }

    /// Markup, as it is.
    pub(super) fn markup(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Text, escaped.
    pub(super) fn text(&mut self, value: impl Display) {
        let start = self.out.len();
        self.push(format_args!("{value}"));
        let written = self.out.get(start..).unwrap_or_default();
        if written.contains(['&', '<', '>', '\r']) {
            let escaped = written
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('\r', "&#13;");
            self.out.truncate(start);
            self.out.push_str(&escaped);
        }
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
    }

    fn push(&mut self, arguments: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.out.write_fmt(arguments);
    }
}
