//! How the screen may look: characters and colours, resolved once at the start.
//!
//! Every state is told three times: by an ASCII glyph, by a word beside it, and by a colour role.
//! Colours come last: without them nothing is lost. Only the 16 ANSI names are used, never a
//! background, so that any palette of any terminal stays readable.

use ratatui::style::{Color, Modifier, Style};
use ratatui::text::Span;

use super::fit;
use crate::config::Theme;

/// What the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Which characters.
    pub charset: Charset,
    /// Which colours.
    pub palette: Palette,
}

/// Which characters a terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// Bytes up to 126 only; others become `?`.
    Ascii,
    /// Block elements for bars and sparklines, lines for the frames of dialogs.
    Utf8,
}

/// Which colour each role has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette(Tint);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tint {
    Dark,
    Light,
    Mono,
}

/// What a piece of text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Role {
    /// Anything without a meaning of its own.
    #[default]
    Plain,
    /// Healthy.
    Ok,
    /// Work going on.
    Work,
    /// Look soon.
    Warn,
    /// Act now.
    Bad,
    /// The word beside a bad glyph: it must be seen without colour too.
    Alarm,
    /// The admin's move.
    Yours,
    /// A title row that doubles as column headings, and the header.
    Title,
    /// A name or number that matters in its line.
    Strong,
    /// The row or button the keyboard is on.
    Focus,
}

/// A state as one character, the same on every terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Glyph {
    /// Healthy.
    Ok,
    /// Work going on.
    Work,
    /// Look soon.
    Warn,
    /// Act now.
    Bad,
    /// The admin's move.
    Yours,
    /// Stopped by an admin.
    Stopped,
    /// Old or guessed.
    Old,
    /// Not started, does not apply, or not known.
    Nothing,
}

impl Look {
    /// A piece of text in a role.
    pub(super) fn span(self, role: Role, text: impl Into<String>) -> Span<'static> {
        Span::styled(text.into(), self.palette.style(role))
    }

    /// A state's character in its colour.
    pub(super) fn glyph(self, glyph: Glyph) -> Span<'static> {
        self.span(glyph.role(), glyph.as_str())
    }

    /// Text from outside, cut to a width, in a role.
    pub(super) fn cut(self, role: Role, text: &str, width: usize) -> Span<'static> {
        self.span(role, fit::cut_end(text, width))
    }
}

impl Palette {
    /// The roles' colours for a theme; `Auto` counts as dark, and without colour every theme is
    /// the monochrome one.
    pub fn new(theme: Theme, colour: bool) -> Self {
        Self(match theme {
            _ if !colour => Tint::Mono,
            Theme::Mono => Tint::Mono,
            Theme::Light => Tint::Light,
            Theme::Auto | Theme::Dark => Tint::Dark,
        })
    }

    pub(super) fn style(self, role: Role) -> Style {
        let (dark, light, modifier) = match role {
            Role::Plain => (Color::Reset, Color::Reset, Modifier::empty()),
            Role::Ok => (Color::Green, Color::Green, Modifier::empty()),
            Role::Work => (Color::Cyan, Color::Blue, Modifier::empty()),
            // Yellow cannot be read on white.
            Role::Warn => (Color::Yellow, Color::Magenta, Modifier::BOLD),
            Role::Bad => (Color::Red, Color::Red, Modifier::BOLD),
            Role::Alarm => (
                Color::Red,
                Color::Red,
                Modifier::BOLD.union(Modifier::REVERSED),
            ),
            Role::Yours => (
                Color::Magenta,
                Color::Blue,
                Modifier::BOLD.union(Modifier::UNDERLINED),
            ),
            Role::Title | Role::Focus => (Color::Reset, Color::Reset, Modifier::REVERSED),
            Role::Strong => (Color::Reset, Color::Reset, Modifier::BOLD),
        };
        let colour = match self.0 {
            Tint::Dark => dark,
            Tint::Light => light,
            Tint::Mono => Color::Reset,
        };
        let style = Style::new().add_modifier(modifier);
        if colour == Color::Reset {
            style
        } else {
            style.fg(colour)
        }
    }
}

impl Glyph {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "+",
            Self::Work => "*",
            Self::Warn => "!",
            Self::Bad => "X",
            Self::Yours => "@",
            Self::Stopped => "=",
            Self::Old => "~",
            Self::Nothing => "-",
        }
    }

    /// The role of the glyph itself.
    pub(super) fn role(self) -> Role {
        match self {
            Self::Ok => Role::Ok,
            Self::Work => Role::Work,
            Self::Warn => Role::Warn,
            Self::Bad => Role::Bad,
            Self::Yours => Role::Yours,
            Self::Stopped | Self::Old | Self::Nothing => Role::Plain,
        }
    }

    /// The role of the word beside it. Healthy words stay plain: a calm screen has little colour.
    pub(super) fn word_role(self) -> Role {
        match self {
            Self::Bad => Role::Alarm,
            Self::Ok => Role::Plain,
            other => other.role(),
        }
    }
}
