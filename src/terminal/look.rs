//! Charset and colours, from the configuration, the command line and the environment.

use crate::config::{Colors, Config, Theme};
use crate::ui::{Charset, Look, Palette};

/// Resolves what the screen may use. `environment` looks up a variable.
///
/// `--color` beats `NO_COLOR`, which beats `CLICOLOR_FORCE`, which beats the kind of terminal.
pub fn look(
    config: &Config,
    ascii: Option<bool>,
    colors: Colors,
    environment: impl Fn(&str) -> Option<String>,
) -> Look {
    let set = |name: &str| environment(name).filter(|value| !value.is_empty());
    let ascii = ascii
        .or(config.ascii)
        .unwrap_or_else(|| !is_utf8_locale(&set));
    let colour = match colors {
        Colors::Always => true,
        Colors::Never => false,
        Colors::Auto if set("NO_COLOR").is_some() => false,
        Colors::Auto if set("CLICOLOR_FORCE").is_some_and(|force| force != "0") => true,
        // These read a colour's number as something else, or have no colour at all.
        Colors::Auto => !matches!(
            set("TERM").as_deref(),
            None | Some("dumb" | "vt100" | "vt220" | "ansi" | "unknown")
        ),
    };
    let theme = match config.theme {
        Theme::Auto if is_light(&set) => Theme::Light,
        Theme::Auto => Theme::Dark,
        chosen => chosen,
    };
    Look {
        charset: if ascii { Charset::Ascii } else { Charset::Utf8 },
        palette: Palette::new(theme, colour),
    }
}

/// UTF-8, and not one of the languages whose terminals draw block characters two columns wide.
fn is_utf8_locale(set: &impl Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| set(name))
        .unwrap_or_default();
    let locale = locale.to_lowercase();
    let utf8 = locale.contains("utf-8") || locale.contains("utf8");
    utf8 && !["ja", "ko", "zh"]
        .iter()
        .any(|wide| locale.starts_with(wide))
}

/// Some terminals say so in `COLORFGBG`, as `foreground;background`. Nothing is asked of the
/// terminal itself: the answer gets lost in multiplexers.
fn is_light(set: &impl Fn(&str) -> Option<String>) -> bool {
    let background =
        set("COLORFGBG").and_then(|value| value.rsplit(';').next()?.parse::<u8>().ok());
    matches!(background, Some(7 | 15))
}
